package dev.belay.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;

class HopHeadersTest {
  private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();

  @Test
  void takesOutWhatWasMeantForTheNextHop() {
    headers
        .add("connection", "close, X-Mine")
        .add("Connection", " keep-alive,, ")
        .add("Keep-Alive", "5")
        .add("Proxy-Connection", "keep-alive")
        .add("Transfer-Encoding", "chunked")
        .add("TE", "gzip")
        .add("Upgrade", "h2c")
        .add("x-mine", "1")
        .add("Proxy-Authorization", "Basic c2VjcmV0")
        .add("Authorization", "Bearer t")
        .add("Accept", "*/*");

    HopHeaders.cleanRequest(headers, false);

    assertThat(headers.names()).containsExactlyInAnyOrder("Authorization", "Accept");
  }

  @Test
  void keepsWhatBelongsToTheMessageThoughConnectionNamesIt() {
    headers.add("Connection", "Host, Content-Length").add("Host", "h").add("Content-Length", "3");

    HopHeaders.cleanRequest(headers, false);

    assertThat(headers.names()).containsExactlyInAnyOrder("Host", "Content-Length");
  }

  @Test
  void keepsTheWishForTrailers() {
    headers.add("TE", "gzip;q=0.5, Trailers").add("Connection", "TE");

    HopHeaders.cleanRequest(headers, false);

    assertThat(headers.get("TE")).isEqualTo("trailers");
    assertThat(headers.get("Connection")).isEqualTo("TE");
  }

  @Test
  void passesAnUpgradeWhenTold() {
    headers.add("Connection", "keep-alive, Upgrade").add("Upgrade", "websocket");

    HopHeaders.cleanRequest(headers, true);

    assertThat(headers.get("Upgrade")).isEqualTo("websocket");
    assertThat(headers.getAll("Connection")).containsExactly("Upgrade");

    HopHeaders.cleanResponse(headers, true);
    assertThat(headers.get("Upgrade")).isEqualTo("websocket");
    HopHeaders.cleanResponse(headers, false);
    assertThat(headers.isEmpty()).isTrue();
  }

  @Test
  void takesOurProxysChallengeOutOfAnAnswer() {
    headers
        .add("Proxy-Authenticate", "Basic")
        .add("Proxy-Authentication-Info", "x")
        .add("WWW-Authenticate", "Basic")
        .add("Connection", "close");

    HopHeaders.cleanResponse(headers, false);

    assertThat(headers.names()).containsExactly("WWW-Authenticate");
  }
}
