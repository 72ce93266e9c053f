package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PageRoutesTest {
  private static final Pattern IMPORT = Pattern.compile("(?:from|import\\()\\s*\"\\./([a-z.-]+)\"");
  private static final Pattern LINK = Pattern.compile("(?:src|href)=\"page/([a-z.-]+)\"");

  private Api api;

  @BeforeEach
  void start() throws Exception {
    api = Api.start("control: {port: 0, token: \"${TOKEN}\"}\nproxy: {port: 0, socks_port: 0}\n");
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  @Test
  void servesWhatThePageNeedsToAnybodyAndNothingFromElsewhere() throws Exception {
    HttpResponse<String> page = api.get("/");
    Deque<String> left = new ArrayDeque<>();
    Set<String> seen = new LinkedHashSet<>();
    find(LINK, page.body(), left);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).doesNotContain("://", "<style", "onclick", "style=");

    while (!left.isEmpty()) {
      String name = left.poll();
      if (seen.add(name)) {
        HttpResponse<String> file = api.get("/page/" + name);
        assertThat(file.statusCode()).as(name).isEqualTo(200);
        assertThat(file.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(file.body()).doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML");
        find(IMPORT, file.body(), left);
      }
    }

    assertThat(seen).contains("main.js", "page.css", "icon.svg", "proxy-room.js", "chart.js");
  }

  private static void find(Pattern pattern, String text, Deque<String> found) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
  }

  @Test
  void letsTheBrowserRunNothingButItsOwnFiles() throws Exception {
    String policy = api.get("/").headers().firstValue("Content-Security-Policy").orElse("");

    assertThat(policy)
        .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'")
        .contains("frame-ancestors 'none'", "require-trusted-types-for 'script'")
        .doesNotContain("unsafe", "data:", "*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/page/nothing.js",
        "/page/index.html",
        "/page/..%2Fapi%2Fopenapi.yaml",
        "/page/logback.xml",
        "/page/a.js%00.css"
      })
  void servesNoOtherFile(String path) throws Exception {
    assertThat(api.get(path, "Authorization", "Bearer t0ken").statusCode()).isIn(400, 404);
  }

  @Test
  void keepsItsDataBehindTheToken() throws Exception {
    assertThat(api.get("/page/../api/v1/proxies").statusCode()).isEqualTo(401);
    assertThat(api.get("/page/..%2fapi/v1/proxies").statusCode()).isIn(401, 404);
  }
}
