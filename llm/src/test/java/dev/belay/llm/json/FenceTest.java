package dev.belay.llm.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FenceTest {

  @Test
  void findsBlocksWithTheirLanguageAndLine() {
    String text =
        "Hi\n```Java\nclass A {}\n```\n\n~~~\nplain ``` text\n~~~~\n  ```py x=1\na\n  ```";

    List<Fence> fences = Fence.in(text);

    assertThat(fences).extracting(Fence::language).containsExactly("java", "", "py");
    assertThat(fences)
        .extracting(fence -> fence.of(text))
        .containsExactly("class A {}\n", "plain ``` text\n", "a\n");
    assertThat(fences).extracting(Fence::line).containsExactly(3, 7, 10);
    assertThat(fences).allMatch(Fence::closed);
  }

  @Test
  void longerMarksHoldShorterOnes() {
    String text = "````md\n```json\n{}\n```\n````\n";

    assertThat(Fence.in(text))
        .singleElement()
        .satisfies(fence -> assertThat(fence.of(text)).isEqualTo("```json\n{}\n```\n"));
  }

  @Test
  void saysWhenTheTextEndsInsideABlock() {
    assertThat(Fence.in("```python\nx = 1"))
        .singleElement()
        .satisfies(fence -> assertThat(fence.closed()).isFalse());
    assertThat(Fence.in("```"))
        .singleElement()
        .satisfies(fence -> assertThat(fence.of("```")).isEmpty());
  }

  @Test
  void codeWithinALineIsNoBlock() {
    assertThat(Fence.in("```one``` and `two`\n`` ` ``\n")).isEmpty();
    assertThat(Fence.in("")).isEmpty();
  }
}
