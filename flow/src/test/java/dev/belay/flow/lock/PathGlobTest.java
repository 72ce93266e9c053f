package dev.belay.flow.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathGlobTest {
  private static final Path ROOT = Path.of("/home/dev/project");

  private static PathGlob glob(String text) {
    return PathGlob.of(ROOT, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "./a",
        "a/",
        "b/../a",
        "././/a",
        "/home/dev/project/a",
        "../project/a",
        "/home/dev/../dev/project/./a",
        "x/y/../../a"
      })
  void spellingsOfOnePathAreOne(String spelling) {
    assertThat(glob(spelling)).isEqualTo(glob("a")).hasToString("a");
  }

  @Test
  void twoUnicodeSpellingsOfOneNameAreOne() {
    assertThat(glob("caf\u00e9")).isEqualTo(glob("cafe\u0301"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../x", "a/../../x", "/etc/passwd", "/", "/home/dev/project2/a"})
  void whatIsOutsideOfTheRootIsRefused(String outside) {
    assertThatThrownBy(() -> glob(outside))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("outside of /home/dev/project");
  }

  @Test
  void goingUpFromAWildcardIsRefused() {
    assertThatThrownBy(() -> glob("src/*/../x")).hasMessageContaining("goes up from a wildcard");
    assertThatThrownBy(() -> glob(" ")).hasMessageContaining("blank");
  }

  @ParameterizedTest
  @CsvSource({
    "src, src/x, true",
    "src, srcx, false",
    "src/x, src/y, false",
    "src/**, src/a/b/c.java, true",
    "src/**, src, true",
    "src/**, test/a, false",
    "*.md, README.md, true",
    "*.md, docs/README.md, false",
    "**/*.md, docs/de/README.md, true",
    "**/*.md, a.txt, true", // could be a directory
    "*.md, *.txt, false",
    "a*, *b, true",
    "a?c, abc, true",
    "a?c, ac, false",
    "**/test/**, src/main/X.java, true", // X.java could be a directory
    "src/*/x, src/*/y, false",
    "., anything/at/all, true",
    "app/[id].tsx, app/[slug].tsx, false",
    "app/[id].tsx, app/i.tsx, false",
    "'a b', 'a b/c', true",
  })
  void overlapIsWhatPeopleExpect(String left, String right, boolean expected) {
    assertThat(glob(left).overlaps(glob(right))).isEqualTo(expected);
    assertThat(glob(right).overlaps(glob(left))).isEqualTo(expected);
  }

  private record Pair(PathGlob left, PathGlob right) {}

  @Test
  void overlapIsSymmetricAndAgreesWithTryingAllSmallPaths() {
    List<String> paths = allPaths(5);

    Cases.check(
        2000,
        random -> new Pair(any(random), any(random)),
        pair -> {
          Pattern left = covered(pair.left());
          Pattern right = covered(pair.right());
          boolean expected =
              paths.stream()
                  .anyMatch(path -> left.matcher(path).matches() && right.matcher(path).matches());
          assertThat(pair.left().overlaps(pair.right())).isEqualTo(expected);
          assertThat(pair.right().overlaps(pair.left())).isEqualTo(expected);
          assertThat(pair.left().overlaps(pair.left())).isTrue();
        });
  }

  private static PathGlob any(RandomGenerator random) {
    List<String> names = List.of("a", "b", "ab", "a*", "*b", "?", "?b", "*", "**");
    List<String> chosen = new ArrayList<>();
    int length = 1 + random.nextInt(3);
    boolean deep = false;
    while (chosen.size() < length) {
      String name = names.get(random.nextInt(names.size()));
      // With one "**" in each, a path of five names decides: all of one, then the rest of the
      // other.
      if (!name.equals("**") || !deep) {
        chosen.add(name);
      }
      deep |= name.equals("**");
    }
    return glob(String.join("/", chosen));
  }

  /** Each name with a slash before it. */
  private static List<String> allPaths(int depth) {
    List<String> names = List.of("/a", "/b", "/ab");
    List<String> all = new ArrayList<>();
    List<String> longest = List.of("");
    for (int i = 0; i < depth; i++) {
      longest = longest.stream().flatMap(path -> names.stream().map(name -> path + name)).toList();
      all.addAll(longest);
    }
    return all;
  }

  private static Pattern covered(PathGlob glob) {
    String expression =
        glob.segments().stream()
            .map(name ->
                name.equals("**")
                    ? "(/[^/]+)*"
                    : "/" + name.replace("*", "[^/]*").replace("?", "[^/]"))
            .collect(Collectors.joining());
    return Pattern.compile(expression + "(/[^/]+)*");
  }
}
