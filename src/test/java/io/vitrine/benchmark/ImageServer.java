package io.vitrine.benchmark;

import java.io.IOException;
import java.nio.file.Path;

/** A server with the Image API, which takes the same requests as the others. */
interface ImageServer extends WebServer {
  /** What it is called in the report. */
  String name();

  /** The directory below which it keeps the data of images. */
  Path store();

  /** Runs a statement in the server's database. */
  void sql(String statement) throws IOException, InterruptedException;

  /** Creates an image with five properties and two tags, and answers its path. */
  default String create(String name) throws IOException, InterruptedException {
    return ImageClient.create(this, name);
  }

  default void delete(String image) throws IOException, InterruptedException {
    ImageClient.delete(this, image);
  }
}
