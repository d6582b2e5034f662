package io.vitrine.catalog;

import static io.vitrine.catalog.TestingCatalog.ADMIN;
import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.metadefs.DefinitionCatalog;
import io.vitrine.catalog.metadefs.MetadefLibrary;
import io.vitrine.catalog.metadefs.NamespaceCatalog;
import io.vitrine.metadef.Kind;
import io.vitrine.metadef.NamespaceContents;
import io.vitrine.metadef.NamespaceScope;
import io.vitrine.metadef.Page;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What versions that did not keep the names of properties have left in the database. */
@ExtendWith(TestingCatalog.class)
class OldDefinitionsTest {
  private static final NamespaceScope SCOPE = new NamespaceScope("old", ADMIN, namespace -> {});

  private final Pool pool;

  OldDefinitionsTest(Pool pool) {
    this.pool = pool;
  }

  @BeforeEach
  void leave() throws Exception {
    result(new MetadefLibrary(pool).unload());
    result(
        pool.query(
                """
                insert into metadef_namespaces (name, visibility, protected, owner, created_at)
                values ('old', 'public', false, 'a', '2026-01-01Z')
                """)
            .execute());
    leave("resource_type", "server", "{\"prefix\": \"hw:\"}", "2026-01-01Z");
    leave("property", "given", "{\"type\": \"string\"}", "2026-01-01Z");
    leave("property", "added", "{\"type\": \"string\"}", "2026-01-02Z");
  }

  private void leave(String kind, String name, String content, String created) throws Exception {
    result(
        pool.query(
                """
                insert into metadef_definitions (namespace_id, kind, name, content, created_at)
                select id, '%s', '%s', '%s', '%s' from metadef_namespaces where name = 'old'
                """
                    .formatted(kind, name, content, created))
            .execute());
  }

  private static List<Map<String, Object>> properties(NamespaceContents contents) {
    return contents.of(Kind.PROPERTY).map(property -> property.value().content()).toList();
  }

  @Test
  void giveTheNamesOfPropertiesThatCameByThemselves() throws Exception {
    var given = Map.<String, Object>of("type", "string");
    var added = Map.<String, Object>of("type", "string", "name", "added");

    var contents = result(new NamespaceCatalog(pool).contents(SCOPE));
    var listed = result(new DefinitionCatalog(pool).list(SCOPE, Kind.PROPERTY, Page.ALL));

    assertThat(properties(contents)).containsExactly(given, added);
    assertThat(properties(contents.prefixedFor("server"))).containsExactly(given, added);
    assertThat(properties(listed)).containsExactlyInAnyOrder(given, added);
  }
}
