package dev.belay.chaos.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.Cases;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparedPathsTest {
  private static final SparedPaths HEALTH = SparedPaths.of(List.of("/admin/health", "/pay/"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin/health",
        "/admin/health/",
        "/admin/health/deep?x=/other",
        "/admin/health?deep",
        "/admin/healthz",
        "/ADMIN/Health",
        "//admin/health",
        "/admin//health",
        "/./admin/./health",
        "/x/../admin/health",
        "/admin/x/../health",
        "/x/..//admin/health",
        "/x/%2e%2e/admin/health",
        "/x/..%2fadmin/health",
        "/x%2f..%2fadmin%2fhealth",
        "/x/..%252fadmin%252Fhealth",
        "/x/..%25252fadmin/health",
        "/%61dmin/he%61lth",
        "/admin;v=1/health",
        "/x/..;/admin/health",
        "/;a=b/admin/health",
        "\\admin\\health",
        "/x\\..\\admin/health",
        "/x/..%5cadmin%5chealth",
        "/admin%00/health",
        "/x%00",
        "/admin/health%20",
        "/x%c0%af..%c0%afadmin/health",
        "/x%u002fadmin",
        "/100%",
        "/\uff41dmin/health",
        "/%ef%bd%81dmin/health",
        "/%ef%bc%8561dmin/health",
        "http://shop/admin/health",
        "/pay",
        "/pay/",
        "/payments"
      })
  void whatMayLeadToASparedPathIsSpared(String target) {
    assertThat(HEALTH.cover(target)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "",
        "*",
        "/admin",
        "/admin/heal",
        "/orders",
        "/orders/admin/health",
        "/orders?next=/admin/health",
        "/orders?next=%2Fadmin%2Fhealth%",
        "/a%20b/c",
        "/caf%C3%A9",
        "/health/admin/%61",
        "/orders//7;v=1/../8",
        "http://shop/orders"
      })
  void whatLeadsElsewhereIsNot(String target) {
    assertThat(HEALTH.cover(target)).isFalse();
  }

  @Test
  void theRootIsAllThereIs() {
    SparedPaths all = SparedPaths.of(List.of("/"));

    assertThat(List.of("/", "/x", "", "*", "/%20", "http://x/")).allMatch(all::cover);
    assertThat(all.touch("/x")).isTrue();
  }

  @Test
  void aPathIsTheSameHoweverItIsWritten() {
    SparedPaths odd = SparedPaths.of(List.of("/a%20b/caf%C3%A9?x"));

    assertThat(odd.cover("/a%20b/caf%c3%a9")).isTrue();
    assertThat(odd.cover("/a%20b/cafe%CC%81/x")).isTrue();
    assertThat(odd.cover("/a%20b/caf")).isFalse();
  }

  @Test
  void aPrefixTouchesWhatItMayBecome() {
    assertThat(HEALTH.touch("/")).isTrue();
    assertThat(HEALTH.touch("/adm")).isTrue();
    assertThat(HEALTH.touch("/admin/health/deep")).isTrue();
    assertThat(HEALTH.touch("/orders")).isFalse();
    assertThat(SparedPaths.NONE.touch("/")).isFalse();
    assertThat(SparedPaths.NONE.cover("/%")).isFalse();
    assertThat(SparedPaths.NONE.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"health", "", "/a/../b", "/./a", "/a%2f..", "/a%zz", "/a%ff"})
  void onlyPathsCanBeSpared(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparedPaths.of(List.of(path)))
        .withMessageContaining("protected path must");
  }

  /** What servers may do to a path, in any order. */
  private enum Way {
    DECODE {
      @Override
      String read(String path) {
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
      }
    },
    MERGE {
      @Override
      String read(String path) {
        return path.replaceAll("/+", "/");
      }
    },
    RESOLVE {
      @Override
      String read(String path) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/", -1)) {
          if (name.equals("..")) {
            names.pollLast();
          } else if (!name.equals(".")) {
            names.addLast(name);
          }
        }
        String read = String.join("/", names);
        return read.startsWith("/") ? read : "/" + read;
      }
    },
    CUT {
      @Override
      String read(String path) {
        return path.replaceAll(";[^/]*", "");
      }
    },
    TURN {
      @Override
      String read(String path) {
        return path.replace('\\', '/');
      }
    },
    LOWER {
      @Override
      String read(String path) {
        return path.toLowerCase(Locale.ROOT);
      }
    };

    abstract String read(String path);
  }

  private record Reading(String target, List<Way> ways) {}

  private static Reading reading(RandomGenerator random) {
    String[] words = {
      "/",
      "/",
      "/",
      "admin",
      "health",
      "pay",
      "x",
      ".",
      "..",
      "..",
      ";v",
      "\\",
      "%2f",
      "%2F",
      "%5c",
      "%2e",
      "%252f",
      "%25",
      "%61dmin",
      "A",
      "Health",
      "%3b",
      "/admin/health",
      "/pay",
      "\u00e9",
      "%41"
    };
    StringBuilder target = new StringBuilder("/");
    for (int i = random.nextInt(1, 12); i > 0; i--) {
      target.append(words[random.nextInt(words.length)]);
    }
    List<Way> ways = new ArrayList<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      ways.add(Way.values()[random.nextInt(Way.values().length)]);
    }
    return new Reading(target.toString(), ways);
  }

  @Test
  void noServerGetsToASparedPathByOneThatIsNot() {
    Cases.check(
        50_000,
        SparedPathsTest::reading,
        reading -> {
          String read = reading.target();
          try {
            for (Way way : reading.ways()) {
              read = way.read(read);
            }
          } catch (IllegalArgumentException unreadable) {
            read = "/pay"; // who knows
          }
          if (read.startsWith("/admin/health") || read.startsWith("/pay")) {
            assertThat(HEALTH.cover(reading.target())).as("%s read as %s", reading, read).isTrue();
          }
        });
  }

  @Test
  void plainPathsElsewhereAreNeverSpared() {
    Cases.check(
        2_000,
        random -> "/" + "orders/".repeat(random.nextInt(3)) + "o" + random.nextInt(1_000),
        path -> assertThat(HEALTH.cover(path + "?x=/pay")).isFalse());
  }
}
