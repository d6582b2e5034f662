package io.vitrine.api.metadefs;

import static io.vitrine.access.policy.Rule.*;

import io.vitrine.access.policy.Rule;
import io.vitrine.metadef.Kind;
import java.util.List;

/**
 * The policy rules of one kind of definitions.
 *
 * @param replace unused for resource types, which cannot be replaced
 * @param removeAll all are required: as in Glance, removing every definition of a kind needs the
 *     rule for deleting the namespace; unused for resource types
 */
record MetadefRules(
    Rule list, Rule get, Rule add, Rule replace, Rule remove, List<Rule> removeAll) {
  static MetadefRules of(Kind kind) {
    return switch (kind) {
      case RESOURCE_TYPE ->
          new MetadefRules(
              LIST_METADEF_RESOURCE_TYPES,
              GET_METADEF_RESOURCE_TYPE,
              ADD_METADEF_RESOURCE_TYPE_ASSOCIATION,
              ADD_METADEF_RESOURCE_TYPE_ASSOCIATION,
              REMOVE_METADEF_RESOURCE_TYPE_ASSOCIATION,
              List.of(REMOVE_METADEF_RESOURCE_TYPE_ASSOCIATION));
      case PROPERTY ->
          new MetadefRules(
              GET_METADEF_PROPERTIES,
              GET_METADEF_PROPERTY,
              ADD_METADEF_PROPERTY,
              MODIFY_METADEF_PROPERTY,
              REMOVE_METADEF_PROPERTY,
              List.of(DELETE_METADEF_NAMESPACE));
      case OBJECT ->
          new MetadefRules(
              GET_METADEF_OBJECTS,
              GET_METADEF_OBJECT,
              ADD_METADEF_OBJECT,
              MODIFY_METADEF_OBJECT,
              DELETE_METADEF_OBJECT,
              List.of(DELETE_METADEF_NAMESPACE));
      case TAG ->
          new MetadefRules(
              GET_METADEF_TAGS,
              GET_METADEF_TAG,
              ADD_METADEF_TAG,
              MODIFY_METADEF_TAG,
              DELETE_METADEF_TAG,
              List.of(DELETE_METADEF_NAMESPACE, DELETE_METADEF_TAGS));
    };
  }
}
