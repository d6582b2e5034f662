package io.vitrine;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Keeps the rooms apart and their dependencies in one direction. */
@AnalyzeClasses(packages = "io.vitrine", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.vitrine";
  private static final String APP = "io.vitrine.app..";
  private static final String INTERNALS = "io.vitrine.net.internals";

  private static final Set<String> FUTURE_MAKERS =
      Set.of("completedFuture", "failedFuture", "runAsync", "supplyAsync");

  /**
   * What each room uses of the others: no more, and no less; {@code app} puts them together and
   * uses all. Constants do not count; the compiler copies them.
   */
  private static final Map<String, Set<String>> IMPORTS =
      Map.ofEntries(
          entry("image", Set.of("net")),
          entry("metadef", Set.of("image")),
          entry("notification", Set.of("image", "metadef")),
          entry("format", Set.of("image")),
          entry("net", Set.of("config")),
          entry("config", Set.of()),
          entry("observe", Set.of("config", "net")),
          entry("access", Set.of("config", "image", "net")),
          entry("fetch", Set.of("config", "image", "net")),
          entry("transfer", Set.of("config", "fetch", "image", "net")),
          entry("cluster", Set.of("config", "transfer")),
          entry(
              "catalog",
              Set.of("access", "config", "image", "metadef", "net", "notification", "observe")),
          entry(
              "store",
              Set.of("access", "config", "fetch", "format", "image", "net", "observe", "transfer")),
          entry(
              "importer",
              Set.of(
                  "access",
                  "catalog",
                  "config",
                  "fetch",
                  "format",
                  "image",
                  "net",
                  "observe",
                  "transfer")),
          entry(
              "upkeep",
              Set.of(
                  "catalog",
                  "config",
                  "image",
                  "net",
                  "notification",
                  "observe",
                  "store",
                  "transfer")),
          entry(
              "cli",
              Set.of(
                  "access",
                  "catalog",
                  "config",
                  "format",
                  "image",
                  "metadef",
                  "net",
                  "settings",
                  "store",
                  "upkeep")),
          entry(
              "settings",
              Set.of(
                  "access",
                  "api",
                  "catalog",
                  "cluster",
                  "config",
                  "format",
                  "image",
                  "importer",
                  "net",
                  "observe",
                  "store",
                  "transfer",
                  "upkeep")),
          entry("launch", Set.of()),
          entry(
              "api",
              Set.of(
                  "access",
                  "catalog",
                  "config",
                  "fetch",
                  "image",
                  "metadef",
                  "net",
                  "observe",
                  "transfer",
                  "upkeep")));

  @ArchTest
  static final ArchRule roomsHaveNoCycles =
      slices().matching("io.vitrine.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule partsOfRoomsHaveNoCycles =
      slices().matching("io.vitrine.(*).(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nobodyImportsTheApp =
      noClasses()
          .that()
          .resideOutsideOfPackage(APP)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(APP);

  @ArchTest
  static final ArchRule theDomainIsPlainJava =
      classes()
          .that()
          .resideInAnyPackage("io.vitrine.image..", "io.vitrine.metadef", "io.vitrine.notification")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "io.vitrine.image..",
              "io.vitrine.metadef",
              "io.vitrine.notification",
              "io.vitrine.net.address");

  @ArchTest
  static final ArchRule urlsArePlainJava =
      classes()
          .that()
          .resideInAPackage("io.vitrine.net.address")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.jspecify..", "io.vitrine.net.address");

  @ArchTest
  static final ArchRule inspectionIsPlainJava =
      classes()
          .that()
          .resideInAPackage("io.vitrine.format..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "com.github.luben.zstd..",
              "io.vitrine.image..",
              "io.vitrine.format..");

  @ArchTest
  static final ArchRule onlyTheCatalogSpeaksSql =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.vitrine.catalog..", APP, INTERNALS) // which unwraps connections
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..", "java.sql..");

  /** They may change in any release: see VertxInternalsTest. */
  @ArchTest
  static final ArchRule internalsOfVertxStayInOnePackage =
      noClasses()
          .that()
          .resideOutsideOfPackage(INTERNALS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..impl..", "io.vertx..internal..");

  /** Libraries that take nothing else get theirs from a checked one. */
  @ArchTest
  static final ArchRule urlsAreParsedInOnePlace =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.vitrine.net.address")
          .and()
          .doNotHaveFullyQualifiedName("io.vitrine.api.request.Links") // encodes paths
          .and()
          .resideOutsideOfPackages("io.vitrine.catalog.database") // one of PostgreSQL's own form
          .should()
          .callConstructor(URI.class, String.class)
          .orShould()
          .callMethod(URI.class, "create", String.class);

  @ArchTest
  static final ArchRule onlyTheApiRoutes =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.vitrine.api..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx.ext.web..");

  @ArchTest
  static final ArchRule verticlesAreNamedSo =
      classes()
          .that()
          .areAssignableTo(VerticleBase.class)
          .should()
          .haveSimpleNameEndingWith("Verticle");

  @ArchTest
  static final ArchRule onlyVerticlesAreNamedSo =
      classes()
          .that()
          .haveSimpleNameEndingWith("Verticle")
          .should()
          .beAssignableTo(VerticleBase.class);

  /** The others are not on an event loop either: they run before the verticles do, or after. */
  @ArchTest
  static final ArchRule onlyTheImporterAwaits =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.vitrine.importer..")
          .and()
          .doNotHaveFullyQualifiedName("io.vitrine.app.lifecycle.Lifecycle")
          .and()
          .doNotHaveFullyQualifiedName("io.vitrine.config.Yaml")
          .and()
          .doNotHaveFullyQualifiedName("io.vitrine.cli.MetadefCommands")
          .and()
          .doNotHaveFullyQualifiedName("io.vitrine.cli.StoreSession")
          .should()
          .callMethodWhere(
              describe(
                  "await a Future",
                  call ->
                      call.getTarget().getName().equals("await")
                          && call.getTargetOwner().isAssignableTo(Future.class)));

  /** Starting one takes time and threads: that of the process is enough, or that of a command. */
  @ArchTest
  static final ArchRule onlyProcessesAndCommandsStartVertx =
      noClasses()
          .that()
          .resideOutsideOfPackages(APP, "io.vitrine.cli", "io.vitrine.cluster")
          .should()
          .callMethod(Vertx.class, "vertx")
          .orShould()
          .callMethod(Vertx.class, "vertx", VertxOptions.class)
          .orShould()
          .callMethod(Vertx.class, "builder");

  /**
   * What takes time is a Future of Vert.x. Those of the JDK are used where a library gives or takes
   * them, but nobody makes one; exempt are threads without Vert.x.
   */
  @ArchTest
  static final ArchRule futuresAreThoseOfVertx =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.vitrine.catalog.embedded.Supervisor")
          .and()
          .doNotHaveFullyQualifiedName("io.vitrine.store.file.CachedOutput")
          .should()
          .callConstructor(CompletableFuture.class)
          .orShould()
          .callMethodWhere(
              describe(
                  "make a CompletableFuture",
                  call ->
                      call.getTargetOwner().isEquivalentTo(CompletableFuture.class)
                          && FUTURE_MAKERS.contains(call.getTarget().getName())));

  @ArchTest
  static final ArchRule statusesAreSetInOnePlace =
      noClasses()
          .that()
          .resideInAPackage("io.vitrine.api..")
          .and()
          .haveSimpleNameNotEndingWith("ProblemHandler")
          .and()
          .haveSimpleNameNotEndingWith("Responses")
          // 206 and 304 are about the body that follows.
          .and()
          .haveSimpleNameNotEndingWith("DataSender")
          .should()
          .callMethod(HttpServerResponse.class, "setStatusCode", int.class);

  @ArchTest
  static final ArchRule namesSayWhatThingsAre =
      noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Impl|Info|Data)");

  @ArchTest
  static final ArchRule roomsAreNamedAfterSubjects =
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..common..", "..impl..", "..manager..", "..helper..");

  @ArchTest
  static void roomsImportWhatTheyMay(JavaClasses classes) {
    assertThat(rooms(classes)).isEqualTo(IMPORTS.keySet());
    IMPORTS.forEach(
        (room, imports) ->
            noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room + "..")
                .should()
                .dependOnClassesThat(areOfAnotherRoomThan(room, imports))
                .check(classes));
  }

  @ArchTest
  static void roomsMayImportOnlyWhatTheyDo(JavaClasses classes) {
    IMPORTS.forEach(
        (room, imports) ->
            assertThat(importsOf(room, classes))
                .as(room)
                .containsExactlyInAnyOrderElementsOf(imports));
  }

  private static DescribedPredicate<JavaClass> areOfAnotherRoomThan(
      String room, Set<String> imports) {
    return describe(
        "are of a room that is neither %s nor one of %s".formatted(room, imports),
        target -> isOurs(target) && !room(target).equals(room) && !imports.contains(room(target)));
  }

  private static Set<String> importsOf(String room, JavaClasses classes) {
    return classes.stream()
        .filter(type -> room(type).equals(room))
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .map(Dependency::getTargetClass)
        .filter(ArchitectureTest::isOurs)
        .map(ArchitectureTest::room)
        .filter(other -> !other.equals(room))
        .collect(toSet());
  }

  private static Set<String> rooms(JavaClasses classes) {
    return classes.stream()
        .filter(type -> !room(type).equals("app"))
        .map(ArchitectureTest::room)
        .collect(toSet());
  }

  private static boolean isOurs(JavaClass type) {
    return type.getBaseComponentType().getPackageName().startsWith(ROOT + ".");
  }

  private static String room(JavaClass type) {
    var below = type.getBaseComponentType().getPackageName().replace(ROOT, "");
    return below.isEmpty() ? "" : below.split("\\.", -1)[1];
  }
}
