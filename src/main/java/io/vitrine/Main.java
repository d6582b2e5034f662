package io.vitrine;

/** The program. */
public final class Main {
  private Main() {}

  /** Runs the command line. */
  public static void main(String[] args) {
    System.out.println(Runtime.version());
  }
}
