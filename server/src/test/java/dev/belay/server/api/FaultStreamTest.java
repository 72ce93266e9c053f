package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often readers of the policies hear that somebody is still there. */
@Timeout(60)
class FaultStreamTest {
  private final FaultStream.Beats beats = FaultStream.Beats.DEFAULT;

  @Test
  void aShortLeaseHasThreeSignsOfLifeInIt() {
    assertThat(beats.within(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(1));
    assertThat(beats.within(Duration.ofMillis(600))).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void aLongOneHasAsManyAsEver() {
    assertThat(beats.within(Duration.ofSeconds(15))).isEqualTo(beats.agents());
    assertThat(beats.within(Duration.ofHours(1))).isEqualTo(beats.agents());
  }

  @Test
  void noLeaseMakesItBusy() {
    assertThat(beats.within(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void whoeverSaysItsLeaseHearsAsOftenAsItNeeds() throws Exception {
    try (Api api = Api.start("", "")) {
      HttpRequest request =
          HttpRequest.newBuilder(api.uri("/v1/config/stream?agent=a&lease_ms=150")).build();
      HttpResponse<InputStream> response = api.client().send(request, BodyHandlers.ofInputStream());
      int signs = 0;
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        while (signs < 20) { // more than the usual beat gives before the test is given up
          signs += String.valueOf(lines.readLine()).startsWith(": keepalive") ? 1 : 0;
        }
      }
      assertThat(signs).isEqualTo(20);
      assertThat(api.get("/v1/config/stream?agent=a&lease_ms=0").statusCode()).isEqualTo(400);
    }
  }
}
