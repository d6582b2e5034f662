package io.vitrine.recording;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An agent that notes every class of the program of which a method runs. Whoever connects to its
 * port gets those since the last connection, one name a line.
 */
public final class ClassRecorder {
  private static final String PROGRAM = "io/vitrine/";
  private static final ClassDesc RECORDER = ClassRecorder.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc NOTE = MethodTypeDesc.of(CD_void, CD_String);
  private static final Set<String> ran = ConcurrentHashMap.newKeySet();

  private ClassRecorder() {}

  /**
   * Begins to record.
   *
   * @param file receives the port
   */
  public static void premain(String file, Instrumentation instrumentation) throws IOException {
    instrumentation.addTransformer(new Noting());
    var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("class-recorder").start(() -> answer(socket));
    Files.writeString(Path.of(file), Integer.toString(socket.getLocalPort()));
  }

  /** Notes a class; called by all methods of the program. */
  public static void note(String name) {
    ran.add(name);
  }

  private static void answer(ServerSocket socket) {
    while (true) {
      try (var connection = socket.accept()) {
        var names = new TreeSet<>(ran);
        ran.removeAll(names);
        var text = String.join("\n", names);
        connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException gone) {
        // The next one may read it to the end.
      }
    }
  }

  /** Has each method begin with a note of its class, that of a nested one under the outer. */
  private static final class Noting implements ClassFileTransformer {
    @Override
    public byte @Nullable [] transform(
        @Nullable ClassLoader loader,
        String name,
        @Nullable Class<?> redefined,
        @Nullable ProtectionDomain domain,
        byte[] bytes) {
      if (!name.startsWith(PROGRAM) || name.startsWith(PROGRAM + "recording/")) {
        return null;
      }
      var outer = name.replaceFirst("\\$.*", "").replace('/', '.');
      // Not by loading classes, of which this one may be a superclass.
      var resolver = ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader());
      var file = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(resolver));
      return file.transformClass(
          file.parse(bytes),
          ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(() -> begin(outer))));
    }

    private static CodeTransform begin(String name) {
      return new CodeTransform() {
        @Override
        public void atStart(CodeBuilder builder) {
          builder.ldc(name).invokestatic(RECORDER, "note", NOTE);
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
          builder.with(element);
        }
      };
    }
  }
}
