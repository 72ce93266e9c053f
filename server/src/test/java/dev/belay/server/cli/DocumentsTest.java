package dev.belay.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.ServiceMapTree;
import dev.belay.server.cli.shared.Terminal;
import dev.belay.server.config.BelayConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What the documents show is what there is. */
public class DocumentsTest {
  /** The folder of the project. */
  public static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);
  private static final String POLICY = "metadata:";
  private static final String MAP = "services:";
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");

  /** A piece of code in a document. */
  public record Block(Path file, String language, String text) {}

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      List<Path> all = new ArrayList<>(docs.filter(f -> f.toString().endsWith(".md")).toList());
      all.add(ROOT.resolve("README.md"));
      all.add(ROOT.resolve("CONTRIBUTING.md"));
      return all;
    }
  }

  /** All pieces of code in this language. */
  public static List<Block> blocks(String language) throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (Path file : documents()) {
      Matcher matcher = BLOCK.matcher(Files.readString(file));
      while (matcher.find()) {
        if (matcher.group(1).equals(language)) {
          blocks.add(new Block(file, language, matcher.group(2)));
        }
      }
    }
    return blocks;
  }

  private static String squeezed(String text) {
    return text.lines()
        .map(String::strip)
        .filter(l -> !l.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void javaIsCompiledAndRun() throws IOException {
    String run = squeezed(snippets());
    List<Block> blocks = blocks("java");
    assertThat(blocks).isNotEmpty();
    for (Block block : blocks) {
      assertThat(run).as(block.file().toString()).contains(squeezed(block.text()));
    }
  }

  private static String snippets() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(Path.of("src/test/java/dev/belay/server/docs"))) {
      for (Path file : files.sorted().toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  @Test
  void policiesAndMapsOfServicesAreRight() throws IOException {
    List<Block> policies =
        blocks("yaml").stream().filter(block -> block.text().startsWith(POLICY)).toList();
    List<Block> maps =
        blocks("yaml").stream().filter(block -> block.text().startsWith(MAP)).toList();
    assertThat(policies).isNotEmpty();
    assertThat(maps).isNotEmpty();
    for (Block block : policies) {
      assertThat(PolicyDocument.read(block.text()).rules()).isNotEmpty();
    }
    for (Block block : maps) {
      String json = new YAMLMapper().readTree(block.text()).toString();
      assertThat(ServiceMapTree.read(Json.read(json), Instant.EPOCH).services()).isNotEmpty();
    }
  }

  @Test
  void configurationsAreRight() throws IOException {
    List<Block> blocks =
        blocks("yaml").stream()
            .filter(
                // of other files, which are read elsewhere
                block ->
                    !block.file().endsWith("llm-waits.md")
                        && !block.file().endsWith("flow.md")
                        && !block.text().startsWith(POLICY)
                        && !block.text().startsWith(MAP))
            .toList();
    assertThat(blocks).isNotEmpty();
    for (Block block : blocks) {
      assertThatCode(() -> BelayConfig.parse(block.text(), block.file().toString(), Map.of()))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void commandsAreThere() throws IOException {
    for (Block block : blocks("sh")) {
      for (String line : block.text().lines().toList()) {
        String[] words = line.strip().split("\\s+", -1);
        if (words[0].startsWith("./") || words[0].startsWith("bench/")) {
          assertThat(ROOT.resolve(words[0])).as(line).isExecutable();
        }
        if (words[0].equals("./belay")) {
          String[] arguments = Arrays.copyOfRange(words, 1, words.length);
          assertThatCode(() -> Main.commandLine(Terminal.ofProcess()).parseArgs(arguments))
              .as(line)
              .doesNotThrowAnyException();
        }
      }
    }
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    for (Path file : documents()) {
      Matcher matcher = LINK.matcher(Files.readString(file));
      while (matcher.find()) {
        Path target = file.resolveSibling(matcher.group(1)).normalize();
        assertThat(exists(target)).as("%s in %s", matcher.group(1), file).isTrue();
      }
    }
  }

  private static boolean exists(Path path) {
    try {
      return Files.exists(path) && path.toRealPath().startsWith(ROOT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theReadmeBeginsWithExactlyTwoCommands() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    String start = readme.substring(0, readme.indexOf("## As a library"));
    Matcher matcher = BLOCK.matcher(start);
    List<String> commands = new ArrayList<>();
    while (matcher.find()) {
      commands.add(matcher.group(2).strip());
    }
    assertThat(commands).containsExactly("./belay demo", "./build verify");
  }
}
