package dev.belay.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The providers' own clients for Node, fetched once through the npm that is installed. */
final class NodeClients {
  private static final String OPENAI = "openai@6.49.0";
  private static final String ANTHROPIC = "@anthropic-ai/sdk@1.14.0";
  private static final Path FOLDER = Path.of("target", "node-clients").toAbsolutePath();

  private NodeClients() {}

  /** Runs one of our scripts, and gives the JSON that it printed. */
  static JsonNode run(String script, String... arguments) throws Exception {
    install();
    Path copy = FOLDER.resolve(script);
    try (InputStream source = NodeClients.class.getResourceAsStream("sdk/" + script)) {
      if (source == null) {
        throw new IOException("there is no script " + script);
      }
      Files.write(copy, source.readAllBytes());
    }
    List<String> command = new ArrayList<>(List.of("node", copy.toString()));
    command.addAll(List.of(arguments));
    return new JsonMapper().readTree(output(command));
  }

  private static void install() throws Exception {
    if (Files.isDirectory(FOLDER.resolve("node_modules/openai"))
        && Files.isDirectory(FOLDER.resolve("node_modules/@anthropic-ai/sdk"))) {
      return;
    }
    Files.createDirectories(FOLDER);
    Files.writeString(FOLDER.resolve("package.json"), "{\"private\": true}");
    output(List.of("npm", "install", "--silent", "--no-audit", "--no-fund", OPENAI, ANTHROPIC));
  }

  private static String output(List<String> command) throws Exception {
    Path errors = FOLDER.resolve("errors.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(FOLDER.toFile())
            .redirectError(errors.toFile())
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(
          "%s failed:%n%s%s".formatted(command, text, Files.readString(errors)));
    }
    return text;
  }
}
