package dev.belay.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeTest {
  private static final String MARK = "00ff00ff12345678";

  private final Judge judge = new Judge(Set.of("203.0.113.7", "2001:db8::7"));

  private Anonymity read(String echo) {
    return judge.read(echo + "\nX-Check-Mark: " + MARK, MARK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: 203.0.113.7",
        "REMOTE_ADDR = 203.0.113.7",
        "{\"origin\": \"198.51.100.1, 203.0.113.7\"}",
        "Forwarded: for=\"[2001:DB8::7]\"",
        "client 203.0.113.7."
      })
  void catchesWhoTellsOurAddress(String echo) {
    assertThat(read(echo)).isEqualTo(Anonymity.TRANSPARENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Via: 1.1 squid",
        "\"X-Forwarded-For\": \"unknown\"",
        "HTTP_VIA = 1.1 squid",
        "HTTP_X_FORWARDED_FOR = 10.0.0.1",
        "proxy-connection: keep-alive",
        "Forwarded: for=hidden",
        "X-Real-IP: 198.51.100.1"
      })
  void noticesWhoSaysThatItIsAProxy(String echo) {
    assertThat(read(echo)).isEqualTo(Anonymity.ANONYMOUS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: judge.example\nAccept: */*\nREMOTE_ADDR = 198.51.100.1",
        "REMOTE_ADDR = 1203.0.113.70",
        "remote 203.0.113.77",
        "Server-Via-Nothing x",
        "served 2001:db8::71"
      })
  void takesTheRestForClients(String echo) {
    assertThat(read(echo)).isEqualTo(Anonymity.ELITE);
  }

  @Test
  void believesNoAnswerWithoutTheMark() {
    assertThat(judge.read("<html>buy this proxy</html>", MARK)).isEqualTo(Anonymity.UNKNOWN);
    assertThat(judge.read("X-Forwarded-For: 203.0.113.7", MARK)).isEqualTo(Anonymity.UNKNOWN);
  }

  @Test
  void knowsTheAddressesOfThisMachineByItself() {
    assertThat(new Judge(Set.of()).read("127.0.0.1 " + MARK, MARK)).isEqualTo(Anonymity.ELITE);
  }
}
