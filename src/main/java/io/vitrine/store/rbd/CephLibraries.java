package io.vitrine.store.rbd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;

/**
 * The functions of librados and librbd in use, as declared in rados/librados.h and rbd/librbd.h of
 * Ceph 16. The libraries stay loaded until the process ends.
 */
final class CephLibraries {
  private static final String RADOS = "librados.so.2";
  private static final String RBD = "librbd.so.1";

  final NativeFunction radosCreate;
  final NativeFunction radosReadConf;
  final NativeFunction radosSetConf;
  final NativeFunction radosConnect;
  final NativeFunction radosShutdown;
  final NativeFunction radosOpenPool;
  final NativeFunction radosClosePool;
  final NativeFunction radosPoolStat;
  final NativeFunction radosNotify;
  final NativeFunction radosFreeBuffer;

  final NativeFunction makeOptions;
  final NativeFunction setOption;
  final NativeFunction freeOptions;
  final NativeFunction create;
  final NativeFunction remove;
  final NativeFunction moveToTrash;
  final NativeFunction list;
  final NativeFunction freeList;

  final NativeFunction open;
  final NativeFunction openReadOnly;
  final NativeFunction close;
  final NativeFunction imageId;
  final NativeFunction size;
  final NativeFunction resize;
  final NativeFunction read;
  final NativeFunction write;
  final NativeFunction flush;
  final NativeFunction changedAt;
  final NativeFunction setMetadata;
  final NativeFunction getMetadata;
  final NativeFunction watchers;
  final NativeFunction freeWatchers;

  final NativeFunction createSnapshot;
  final NativeFunction removeSnapshot;
  final NativeFunction protectSnapshot;
  final NativeFunction unprotectSnapshot;
  final NativeFunction setSnapshot;
  final NativeFunction children;

  private CephLibraries(SymbolLookup rados, SymbolLookup rbd) {
    radosCreate =
        NativeFunction.ofInt(rados, "rados_create2", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    radosReadConf = NativeFunction.ofInt(rados, "rados_conf_read_file", ADDRESS, ADDRESS);
    radosSetConf = NativeFunction.ofInt(rados, "rados_conf_set", ADDRESS, ADDRESS, ADDRESS);
    radosConnect = NativeFunction.ofInt(rados, "rados_connect", ADDRESS);
    radosShutdown = NativeFunction.ofVoid(rados, "rados_shutdown", ADDRESS);
    radosOpenPool = NativeFunction.ofInt(rados, "rados_ioctx_create", ADDRESS, ADDRESS, ADDRESS);
    radosClosePool = NativeFunction.ofVoid(rados, "rados_ioctx_destroy", ADDRESS);
    radosPoolStat = NativeFunction.ofInt(rados, "rados_ioctx_pool_stat", ADDRESS, ADDRESS);

    radosNotify =
        NativeFunction.ofInt(
            rados,
            "rados_notify2",
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            JAVA_LONG,
            ADDRESS,
            ADDRESS);
    radosFreeBuffer = NativeFunction.ofVoid(rados, "rados_buffer_free", ADDRESS);

    makeOptions = NativeFunction.ofVoid(rbd, "rbd_image_options_create", ADDRESS);
    setOption =
        NativeFunction.ofInt(rbd, "rbd_image_options_set_uint64", ADDRESS, JAVA_INT, JAVA_LONG);
    freeOptions = NativeFunction.ofVoid(rbd, "rbd_image_options_destroy", ADDRESS);
    create = NativeFunction.ofInt(rbd, "rbd_create4", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    remove = NativeFunction.ofInt(rbd, "rbd_remove", ADDRESS, ADDRESS);
    moveToTrash = NativeFunction.ofInt(rbd, "rbd_trash_move", ADDRESS, ADDRESS, JAVA_LONG);
    list = NativeFunction.ofInt(rbd, "rbd_list2", ADDRESS, ADDRESS, ADDRESS);
    freeList = NativeFunction.ofVoid(rbd, "rbd_image_spec_list_cleanup", ADDRESS, JAVA_LONG);

    open = NativeFunction.ofInt(rbd, "rbd_open", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    openReadOnly =
        NativeFunction.ofInt(rbd, "rbd_open_read_only", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    close = NativeFunction.ofInt(rbd, "rbd_close", ADDRESS);
    imageId = NativeFunction.ofInt(rbd, "rbd_get_id", ADDRESS, ADDRESS, JAVA_LONG);
    size = NativeFunction.ofInt(rbd, "rbd_get_size", ADDRESS, ADDRESS);
    resize = NativeFunction.ofInt(rbd, "rbd_resize", ADDRESS, JAVA_LONG);
    read = NativeFunction.ofLong(rbd, "rbd_read", ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    write = NativeFunction.ofLong(rbd, "rbd_write", ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    flush = NativeFunction.ofInt(rbd, "rbd_flush", ADDRESS);
    changedAt = NativeFunction.ofInt(rbd, "rbd_get_modify_timestamp", ADDRESS, ADDRESS);
    setMetadata = NativeFunction.ofInt(rbd, "rbd_metadata_set", ADDRESS, ADDRESS, ADDRESS);
    getMetadata = NativeFunction.ofInt(rbd, "rbd_metadata_get", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    watchers = NativeFunction.ofInt(rbd, "rbd_watchers_list", ADDRESS, ADDRESS, ADDRESS);
    freeWatchers = NativeFunction.ofVoid(rbd, "rbd_watchers_list_cleanup", ADDRESS, JAVA_LONG);

    createSnapshot = NativeFunction.ofInt(rbd, "rbd_snap_create", ADDRESS, ADDRESS);
    removeSnapshot = NativeFunction.ofInt(rbd, "rbd_snap_remove", ADDRESS, ADDRESS);
    protectSnapshot = NativeFunction.ofInt(rbd, "rbd_snap_protect", ADDRESS, ADDRESS);
    unprotectSnapshot = NativeFunction.ofInt(rbd, "rbd_snap_unprotect", ADDRESS, ADDRESS);
    setSnapshot = NativeFunction.ofInt(rbd, "rbd_snap_set", ADDRESS, ADDRESS);
    children = NativeFunction.ofInt(rbd, "rbd_list_children3", ADDRESS, ADDRESS, ADDRESS);
  }

  /** Loads both libraries; the exception says what to install. */
  static CephLibraries load() throws IOException {
    return new CephLibraries(library(RADOS, "librados2"), library(RBD, "librbd1"));
  }

  @SuppressWarnings("restricted") // The manifest of the program allows native access.
  static SymbolLookup library(String name, String debianPackage) throws IOException {
    try {
      return SymbolLookup.libraryLookup(name, Arena.global());
    } catch (IllegalArgumentException missing) {
      throw new IOException(
          "A backend of kind rbd needs Ceph's library %s. Install the package %s (Debian, Ubuntu)."
              .formatted(name, debianPackage),
          missing);
    }
  }
}
