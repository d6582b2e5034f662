package io.vitrine.access.keystone;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The credentials with which this service authenticates to Keystone. */
public sealed interface Credentials {
  /** The {@code auth} of the Identity API v3, "Authentication and token management". */
  JsonObject auth();

  /**
   * The same account scoped to the system; an application credential has a fixed scope and stays as
   * it is.
   */
  default Credentials forTheSystem() {
    return this;
  }

  /** A user's password and the project to act for, all by name. */
  record Password(
      String user, String userDomain, String password, String project, String projectDomain)
      implements Credentials {
    @Override
    public JsonObject auth() {
      var scope =
          new JsonObject()
              .put("name", project)
              .put("domain", new JsonObject().put("name", projectDomain));
      return proof().put("scope", new JsonObject().put("project", scope));
    }

    private JsonObject proof() {
      var account =
          new JsonObject()
              .put("name", user)
              .put("domain", new JsonObject().put("name", userDomain))
              .put("password", password);
      return Credentials.auth("password", new JsonObject().put("user", account));
    }

    @Override
    public Credentials forTheSystem() {
      return new OnSystem(this);
    }

    @Override
    public String toString() {
      return "password of " + user;
    }
  }

  /** A user's password scoped to the system, which may read the limits of all projects. */
  record OnSystem(Password password) implements Credentials {
    @Override
    public JsonObject auth() {
      return password
          .proof()
          .put("scope", new JsonObject().put("system", new JsonObject().put("all", true)));
    }

    @Override
    public String toString() {
      return password + " on the system";
    }
  }

  /** An application credential, which carries its own scope. */
  record ApplicationCredential(String id, String secret) implements Credentials {
    @Override
    public JsonObject auth() {
      return Credentials.auth(
          "application_credential", new JsonObject().put("id", id).put("secret", secret));
    }

    @Override
    public String toString() {
      return "application credential " + id;
    }
  }

  /** The {@code auth} object with one method and its proof. */
  private static JsonObject auth(String method, JsonObject proof) {
    return new JsonObject()
        .put(
            "identity",
            new JsonObject().put("methods", new JsonArray().add(method)).put(method, proof));
  }
}
