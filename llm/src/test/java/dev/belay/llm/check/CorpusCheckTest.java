package dev.belay.llm.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.llm.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusCheckTest {
  private static final String SOURCES =
      "\"texts\": [\"The quick brown fox — jumps over the “lazy” dog.\", \"東京は 大きい Café\"]";

  private static List<String> corpus(String params, String answer) throws InterruptedException {
    return Answers.problems(
        "{\"type\": \"corpus\", \"params\": {%s, %s}}".formatted(SOURCES, params), answer);
  }

  @Test
  void looksUpEachLineOrEachKeyword() throws Exception {
    assertThat(corpus("\"n\": 3", "brown FOX\n\nthe lazy dog")).isEmpty();
    assertThat(corpus("\"n\": 3", "brown dog"))
        .containsExactly("'brown dog' does not occur in the sources");
    assertThat(corpus("\"n\": 3", "row")).hasSize(1);
    assertThat(corpus("\"keywords\": [\"fox\", \"cat\"]", "a fox")).isEmpty();
    assertThat(corpus("\"keywords\": [\"fox\", \"cat\"]", "a cat")).hasSize(1);
    assertThat(corpus("\"keywords\": [\"fox\", \"cat\"]", "a cow"))
        .containsExactly("the answer names none of the keywords");
    assertThat(corpus("\"match\": \"keyword_absent\"", "brown dog")).isEmpty();
    assertThat(corpus("\"match\": \"keyword_absent\"", "brown fox"))
        .containsExactly("'brown fox' occurs in the sources, and must not");
    assertThat(corpus("\"match\": \"keyword_absent\", \"keywords\": \"fox\"", "a cow")).isEmpty();
  }

  @Test
  void theWaysToWriteASignDoNotMatter() throws Exception {
    assertThat(corpus("\"n\": 3", "CAFE\u0301")).isEmpty();
    assertThat(corpus("\"n\": 3", "ｑｕｉｃｋ")).isEmpty();
    assertThat(corpus("\"n\": 3", "大きい")).isEmpty();
    assertThat(corpus("\"n\": 3", "京東")).hasSize(1);
  }

  @Test
  void everyQuoteMustOccur() throws Exception {
    String quotes = "\"match\": \"quotes\"";

    assertThat(corpus(quotes, "It says \"quick, brown\" and «lazy dog».")).isEmpty();
    assertThat(corpus(quotes, "No quote at all.")).isEmpty();
    assertThat(corpus(quotes, "“slow fox”, \"red dog\"")).hasSize(2);
    assertThat(corpus(quotes, "\"cat\" ".repeat(2000)))
        .containsExactly("there are more than 1000 to look up");
  }

  @Test
  void groundingIsAShareOfRunsOfWords() throws Exception {
    String grounded = "\"match\": \"grounded\", \"n\": 2, \"threshold\": ";

    assertThat(corpus(grounded + "1", "the quick brown fox")).isEmpty();
    assertThat(corpus(grounded + "0.5", "the quick brown cat sat")).isEmpty();
    assertThat(corpus(grounded + "0.6", "the quick brown cat sat"))
        .singleElement()
        .asString()
        .startsWith(
            "50 % of the answer is in the sources, and must be at least 60 %; not there: 'brown cat'");
    assertThat(corpus(grounded + "1", "fox")).isEmpty();
    assertThat(corpus(grounded + "1", "cat")).hasSize(1);
    assertThat(corpus(grounded + "1", "dog 東")).hasSize(1);
  }

  @Test
  void readsFilesUnderTheFolderAndNowhereElse(@TempDir Path folder) throws Exception {
    Path root = Files.createDirectories(folder.resolve("root/sub"));
    Files.writeString(root.resolve("a.txt"), "inside word");
    Path secret = Files.writeString(folder.resolve("secret.txt"), "outside secret");
    Files.createSymbolicLink(root.resolve("link.txt"), secret);
    Validators validators = Validators.standard().withCorpusRoot(folder.resolve("root"));

    Validator all = make(validators, "**/*.txt");

    assertThat(all.check(Answers.of("inside word"), CheckContext.FIRST))
        .isInstanceOf(Finding.Valid.class);
    assertThat(all.check(Answers.of("outside secret"), CheckContext.FIRST))
        .isInstanceOf(Finding.Invalid.class);
    for (String bad :
        List.of("../secret.txt", secret.toString(), "sub/link.txt", "none.txt", "[")) {
      assertThatThrownBy(() -> make(validators, bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("corpus: files must be");
    }
    assertThatThrownBy(() ->
            validators.make(
                "corpus",
                Json.EMPTY.with("files", Json.of("sub/a.txt")).with("max_bytes", Json.of(3))))
        .hasMessageContaining("at most 3 bytes");
  }

  private static Validator make(Validators validators, String files) {
    return validators.make("corpus", Json.EMPTY.with("files", Json.of(files)));
  }
}
