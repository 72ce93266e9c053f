package dev.belay.llm.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.llm.json.Fence;
import dev.belay.llm.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs each example of the guide: a specification, and answers that it takes or objects to. */
class ValidatorsGuideTest {
  private static final String OBJECTS = "Objects, `";

  private static String guide() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path docs = Files.isDirectory(here.resolve("docs")) ? here : here.resolveSibling("");
    return Files.readString(docs.resolve("docs/llm-validators.md"));
  }

  @TestFactory
  Stream<DynamicTest> everyExampleIsAsTheGuideSays() throws Exception {
    String guide = guide();
    List<DynamicTest> tests = new ArrayList<>();
    String spec = "[]";
    for (Fence fence : Fence.in(guide)) {
      String content = fence.of(guide);
      String before = before(guide, fence);
      if (fence.language().equals("json")) {
        spec = content;
      } else {
        String current = spec;
        String answer = content.substring(0, content.length() - 1);
        tests.add(
            DynamicTest.dynamicTest("line " + fence.line(), () -> check(current, before, answer)));
      }
    }
    assertThat(tests).hasSizeGreaterThan(30);
    return tests.stream();
  }

  private static String before(String guide, Fence fence) {
    List<String> lines = guide.substring(0, fence.start()).lines().toList();
    return lines.get(lines.size() - 3);
  }

  private static void check(String spec, String before, String answer) throws Exception {
    List<String> problems = Answers.problems(spec, answer);
    if (before.equals("Holds:")) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(before).startsWith(OBJECTS).endsWith("`:");
      String message = before.substring(OBJECTS.length(), before.length() - 2);
      assertThat(problems).anySatisfy(problem -> assertThat(problem).contains(message));
    }
  }

  @Test
  void everyTypeIsInTheGuide() throws Exception {
    String guide = guide();
    Set<String> missing = new HashSet<>(Validators.standard().types());
    missing.removeIf(
        type -> guide.contains("\n## " + type + "\n") || guide.contains("`" + type + "`"));

    assertThat(missing).isEmpty();
  }

  @Test
  void theFirstExampleOfTheGuideIsASpecification() throws Exception {
    String guide = guide();
    String first = Fence.in(guide).getFirst().of(guide);

    assertThat(Validators.standard().from(Json.parse(first)))
        .extracting(Validator::name)
        .containsExactly("response_not_empty", "schema");
  }
}
