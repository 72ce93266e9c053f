package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.chaos.session.Experiments;
import dev.belay.server.live.StillStarting;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Sessions that cannot be begun, though nothing is wrong with what was asked for. */
@Timeout(60)
class SessionStartTest {
  private static JsonNode refused(RuntimeException why, int status) throws Exception {
    Experiments broken =
        (session, spec) -> {
          throw why;
        };
    try (Api api =
        Api.start("control: {port: 0}\nproxy: {port: 0, socks_port: 0}", all -> broken)) {
      HttpResponse<String> answer =
          api.json("POST", SessionRoutes.PATH, "{\"service_name\": \"pricing\"}");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
      return Api.body(answer).get("error");
    }
  }

  @Test
  void beforeTheRoomHasBegunTheServerIsUnavailable() throws Exception {
    JsonNode error = refused(new StillStarting("the server is still starting"), 503);

    assertThat(error.get("code").stringValue()).isEqualTo("SERVICE_UNAVAILABLE");
    assertThat(error.get("message").stringValue()).isEqualTo("the server is still starting");
  }

  @Test
  void aMistakeOfTheServerIsNotTheClients() throws Exception {
    JsonNode error = refused(new IllegalStateException("never"), 500);

    assertThat(error.get("code").stringValue()).isEqualTo("INTERNAL_ERROR");
    assertThat(error.get("message").stringValue()).doesNotContain("never");
    assertThat(error.get("timestamp").isString()).isTrue();
  }
}
