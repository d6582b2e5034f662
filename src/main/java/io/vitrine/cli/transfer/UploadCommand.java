package io.vitrine.cli.transfer;

import io.vertx.core.json.JsonObject;
import io.vitrine.cli.command.Version;
import io.vitrine.cli.disk.ImageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends an image file to a service. */
@Command(
    name = "upload",
    description = {
      "Creates an image from a file, and prints its id.",
      "After an interruption, the same command goes on where it was."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class UploadCommand implements Callable<Integer> {
  /** As many as help on a fast line; the service joins up to 64. */
  private static final int MOST_PARTS = 16;

  private final Map<String, String> environment;

  @Mixin private final TransferOptions options = new TransferOptions();

  @Option(names = "--to", paramLabel = "URL", description = TransferOptions.SERVICE)
  private @Nullable String url;

  @Parameters(paramLabel = "FILE")
  private Path file = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The image's name; default: the file's.")
  private @Nullable String name;

  @Option(
      names = "--disk-format",
      paramLabel = "FORMAT",
      description = "The image's disk_format; default: what the file is.")
  private @Nullable String diskFormat;

  @Option(
      names = "--container-format",
      paramLabel = "FORMAT",
      defaultValue = "bare",
      description = "The image's container_format; default: bare.")
  private String containerFormat = "bare";

  @Option(
      names = "--visibility",
      paramLabel = "private|shared|community|public",
      description = "Who sees the image; default: what the service makes it.")
  private @Nullable String visibility;

  @Option(
      names = "--property",
      paramLabel = "KEY=VALUE",
      description = "A property of the image, any number of times.")
  private Map<String, String> properties = Map.of();

  @Spec private @Nullable CommandSpec spec;

  private int parts = 1;

  /** Says in how many parts the file is sent. */
  @Option(
      names = "--parts",
      paramLabel = "N",
      description = "Sends so many parts at once (1 to 16), which the service joins; default: 1.")
  void setParts(int wanted) {
    if (wanted < 1 || wanted > MOST_PARTS) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "--parts must be from 1 to %d, not %d.".formatted(MOST_PARTS, wanted));
    }
    parts = wanted;
  }

  /** A command in an environment, which has the credentials. */
  public UploadCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    ImageFile.requireBytes(file);
    return options.run(
        environment,
        Optional.ofNullable(url),
        (transfers, out) -> out.println(transfers.upload(file, attributes(), parts)));
  }

  private JsonObject attributes() throws IOException {
    var image = new JsonObject();
    properties.forEach(image::put);
    image
        .put("name", Optional.ofNullable(name).orElse(String.valueOf(file.getFileName())))
        .put(
            "disk_format", diskFormat == null ? ImageFile.inspect(file).listedFormat() : diskFormat)
        .put("container_format", containerFormat);
    Optional.ofNullable(visibility)
        .ifPresent(wanted -> image.put("visibility", wanted.toLowerCase(Locale.ROOT)));
    return image;
  }
}
