package io.vitrine.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Objects;

/** Describes file errors in words that an operator can act on. */
public final class FileFault {
  private static final String DISK_FULL = "no space left on device";

  private FileFault() {}

  /** The error without the exception's class name. */
  public static String words(IOException failure) {
    return switch (failure) {
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case NoSuchFileException missing -> missing.getFile() + ": no such file or directory";
      case FileAlreadyExistsException other when other.getReason() == null ->
          other.getFile() + ": not a directory";
      case FileSystemException file when file.getReason() != null && file.getFile() != null ->
          file.getFile() + ": " + file.getReason().toLowerCase(Locale.ROOT);
      default -> Objects.requireNonNullElse(failure.getMessage(), failure.toString());
    };
  }

  /** Whether a message or log reports a full disk. */
  public static boolean isDiskFull(String text) {
    return text.toLowerCase(Locale.ROOT).contains(DISK_FULL);
  }
}
