package io.vitrine.cli.command;

import io.vitrine.settings.Build;
import picocli.CommandLine.IVersionProvider;

/** The version and the commit, which every command tells. */
public final class Version implements IVersionProvider {
  /** Tells those of this program. */
  public Version() {}

  @Override
  public String[] getVersion() {
    return new String[] {"vitrine " + Build.ofThisProgram()};
  }
}
