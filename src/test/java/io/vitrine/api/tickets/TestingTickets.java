package io.vitrine.api.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;

/**
 * Makes tickets, and uses them.
 *
 * @param maker makes them
 * @param user has no token
 */
record TestingTickets(TestingApi maker, TestingApi user) {
  static final String USE = "/vitrine/v1/tickets/";

  static String all(String image) {
    return "/vitrine/v1/images/" + image + "/tickets";
  }

  static String one(JsonObject ticket) {
    return all(ticket.getString("image_id")) + "/" + ticket.getString("id");
  }

  static JsonObject asking(String method) {
    return new JsonObject().put("method", method);
  }

  HttpResponse<String> ask(String image, JsonObject body) throws IOException, InterruptedException {
    return maker.post(all(image), body);
  }

  /** A ticket, as its maker sees it. */
  JsonObject make(String image, JsonObject body) throws IOException, InterruptedException {
    var answer = ask(image, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return new JsonObject(answer.body());
  }

  JsonObject make(String image, String method) throws IOException, InterruptedException {
    return make(image, asking(method));
  }

  /** The path of a ticket's URL. */
  static String path(JsonObject ticket) {
    return URI.create(ticket.getString("url")).getPath();
  }

  static String secret(JsonObject ticket) {
    return path(ticket).substring(USE.length());
  }

  HttpResponse<String> get(JsonObject ticket, String... headers)
      throws IOException, InterruptedException {
    return user.call("GET", path(ticket), headers);
  }

  HttpResponse<String> head(JsonObject ticket) throws IOException, InterruptedException {
    return user.call("HEAD", path(ticket));
  }

  HttpResponse<String> put(JsonObject ticket, String data, String... headers)
      throws IOException, InterruptedException {
    return user.send("PUT", path(ticket), BodyPublishers.ofString(data), headers);
  }

  HttpResponse<String> revoke(JsonObject ticket) throws IOException, InterruptedException {
    return maker.call("DELETE", one(ticket));
  }

  String state(JsonObject ticket) throws IOException, InterruptedException {
    var answer = maker.call("GET", one(ticket));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body()).getString("state");
  }

  static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("none");
  }
}
