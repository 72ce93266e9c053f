package dev.belay.server.cli.shared;

import dev.belay.chaos.inject.plane.ControlAddress;
import dev.belay.server.remote.Control;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the running server is, and how to be let in. */
public final class ServerOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "The control port of the server; ${DEFAULT-VALUE} if not said.")
  private String url = "";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Holds the server's token; without it, BELAY_TOKEN of the environment does.")
  private @Nullable Path tokenFile;

  /**
   * Ready to be asked; nothing is sent yet.
   *
   * @param terminal whose environment may hold the token
   * @throws ParameterException if the address is none, or the token cannot be read or sent
   */
  public Control connect(Terminal terminal) {
    try {
      return Control.at(url, token(terminal));
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()));
    }
  }

  /**
   * Where data planes hear from it, and how they are let in.
   *
   * @param terminal whose environment may hold the token
   * @throws ParameterException if it is no address, or the token cannot be read
   */
  public ControlAddress control(Terminal terminal) {
    try {
      return new ControlAddress(
          URI.create(url), Optional.of(token(terminal)).filter(text -> !text.isEmpty()));
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()));
    }
  }

  private String token(Terminal terminal) {
    Path file = tokenFile;
    if (file == null) {
      return terminal.environment().getOrDefault("BELAY_TOKEN", "").strip();
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException unreadable) {
      throw new ParameterException(
          spec.commandLine(), "cannot read the token from %s".formatted(file), unreadable);
    }
  }
}
