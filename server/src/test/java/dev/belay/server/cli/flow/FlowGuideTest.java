package dev.belay.server.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.belay.flow.plan.PlanFile;
import dev.belay.server.cli.DocumentsTest;
import dev.belay.server.cli.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The plans of the guide and of the examples are plans. */
class FlowGuideTest {

  @Test
  void thePlansOfTheGuideCanBeRun() throws IOException {
    List<DocumentsTest.Block> plans =
        DocumentsTest.blocks("yaml").stream()
            .filter(block -> block.file().endsWith("flow.md"))
            .toList();
    assertThat(plans).isNotEmpty();
    for (DocumentsTest.Block plan : plans) {
      assertThat(PlanFile.read(plan.text(), "flow.md", Path.of(".")).tasks()).hasSize(3);
    }
  }

  @Test
  void theExamplesCanBeRun() throws IOException {
    try (Stream<Path> examples = Files.list(DocumentsTest.ROOT.resolve("examples"))) {
      List<Path> all = examples.filter(file -> file.toString().endsWith(".yaml")).toList();
      assertThat(all).isNotEmpty();
      for (Path example : all) {
        Shell shell = new Shell();
        assertThatCode(() -> PlanFile.load(example)).doesNotThrowAnyException();
        assertThat(shell.run("run", "--dry-run", example.toString())).as(shell.err()).isZero();
        assertThat(shell.out()).contains("AT MOST");
      }
    }
  }
}
