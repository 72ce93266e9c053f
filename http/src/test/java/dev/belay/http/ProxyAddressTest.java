package dev.belay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import dev.belay.http.ProxyAddress.Scheme;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyAddressTest {

  @ParameterizedTest
  @EnumSource
  void readsEveryScheme(Scheme scheme) {
    String url = scheme.text() + "://user:pass@proxy.example:3128";

    ProxyAddress address = ProxyAddress.parse(url.toUpperCase(Locale.ROOT));

    assertThat(address.scheme()).isEqualTo(scheme);
    assertThat(address.host()).isEqualTo("proxy.example");
    assertThat(address.port()).isEqualTo(3128);
    assertThat(address.url()).isEqualTo(scheme.text() + "://proxy.example:3128");
  }

  @ParameterizedTest
  @CsvSource({
    "u:p%40ss@h:1, u, p@ss",
    "u:p@ss@h:1, u, p@ss",
    "u:p%3Ass:x@h:1, u, p:ss:x",
    "u:100%25@h:1, u, 100%",
    "u%40corp:p@h:1, u@corp, p",
    "u:@h:1, u, ''",
    "u:%C3%A4/b?#@h:1, u, ä/b?#",
  })
  void decodesUserAndPassword(String rest, String user, String password) {
    Credentials credentials = ProxyAddress.parse("http://" + rest).credentials().orElseThrow();

    assertThat(credentials).isEqualTo(new Credentials(user, password));
    assertThat(credentials.toString()).isEqualTo("Credentials[user=" + user + "]");
  }

  @Test
  void readsAddressesAndATrailingSlash() {
    assertThat(ProxyAddress.parse("socks5://[2001:DB8::1]:1080").host()).isEqualTo("2001:db8::1");
    assertThat(ProxyAddress.parse("socks5://[2001:DB8::1]:1080").name())
        .isEqualTo("socks5://[2001:db8::1]:1080");
    assertThat(ProxyAddress.parse("http://127.0.0.1:80/").host()).isEqualTo("127.0.0.1");
    assertThat(ProxyAddress.parse("socks4://joe@h:1").credentials())
        .contains(new Credentials("joe", ""));
    assertThat(ProxyAddress.parse("http://h:1").credentials()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host:1",
        "ftp://secret@h:1",
        "http://",
        "http://h",
        "http://h:",
        "http://h:0",
        "http://h:65536",
        "http://h:+1",
        "http://h:1x",
        "http://:1",
        "http://u:secret@:1",
        "http://secret@h:1",
        "http://:secret@h:1",
        "http://u:%zz@h:1",
        "http://u:secret%4@h:1",
        "http://u:secret%@h:1",
        "http://u%3Ax:secret@h:1",
        "http://u:a%0Asecret@h:1",
        "http://h:1/path",
        "http://h:1?secret",
        "http://2001:db8::1:80",
        "http://[::1:80",
        "http://[::1]80",
        "http://[::1]",
        "http://[h]:1",
        "http://[fe80::1%25eth0]:1",
        "http://999.1.1.1:1",
        "http://h h:1",
        "http://ä.example:1",
        "http://a..b:1",
        "http://.a:1",
        "socks5://u:@h:1",
        "http://h:1:secret:pass",
      })
  void refusesWhatIsMalformedWithoutShowingIt(String url) {
    assertThatThrownBy(() -> ProxyAddress.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .isNotBlank()
        .doesNotContain("secret");
  }

  @Test
  void refusesWhatSocksCannotCarry() {
    assertThatThrownBy(() -> ProxyAddress.parse("socks5://u:" + "p".repeat(256) + "@h:1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("255");
  }

  @Test
  void tellsProxiesApartByUserButNotByPassword() {
    ProxyAddress one = ProxyAddress.parse("http://u:a@h:1");

    assertThat(one.id())
        .matches("[0-9a-f]{12}")
        .isEqualTo(ProxyAddress.parse("http://u:b@H:1").id());
    assertThat(one.id()).isNotEqualTo(ProxyAddress.parse("http://v:a@h:1").id());
    assertThat(one.id()).isNotEqualTo(ProxyAddress.parse("https://u:a@h:1").id());
    assertThat(one)
        .isEqualTo(ProxyAddress.parse("http://u:a@h:1"))
        .hasSameHashCodeAs(ProxyAddress.parse("http://u:a@h:1"))
        .isNotEqualTo(ProxyAddress.parse("http://u:b@h:1"))
        .isNotEqualTo("http://u:a@h:1");
    assertThat(one.url()).isEqualTo("http://h:1");
    assertThat(one.toString()).isEqualTo("http://h:1#" + one.id());
    assertThat(ProxyAddress.parse("http://h:1")).hasToString("http://h:1");
  }

  @Test
  void keepsItsIdBetweenVersions() {
    assertThat(ProxyAddress.parse("http://h:1").id()).isEqualTo("0a06499a8ea1");
  }

  @Test
  void throwsNothingElseWhateverTheInput() {
    String alphabet = "htps:/@[]%.0123456789a-_ \r\n\0ä";
    Cases.check(
        3000,
        random -> {
          var text = new StringBuilder(random.nextBoolean() ? "http://" : "");
          random
              .ints(random.nextInt(20), 0, alphabet.length())
              .forEach(i -> text.append(alphabet.charAt(i)));
          return text.toString();
        },
        url -> {
          try {
            assertThat(ProxyAddress.parse(url).port()).isBetween(1, 65535);
          } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageNotContaining("null");
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://proxy.example:3128",
        "HTTP://Proxy.Example:3128",
        "https://ann:p%40ss@proxy.example:443",
        "socks5h://[2001:db8::1]:1080",
        "socks5://a%40b%3A:pw@[::1]:1080",
        "socks4://ann@10.0.0.1:1080"
      })
  void findsTheIdOfAName(String url) {
    ProxyAddress address = ProxyAddress.parse(url);

    assertThat(ProxyAddress.idOf(address.name())).contains(address.id());
  }

  @Test
  void findsTheIdOfANameThatStillShowsItsUser() {
    assertThat(ProxyAddress.idOf("http://u@h:1"))
        .contains(ProxyAddress.parse("http://u:p@h:1").id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "other", "://a:1", "http://", "http://a", "http://a:", "http://:1"})
  void findsNoIdOfWhatIsNoName(String name) {
    assertThat(ProxyAddress.idOf(name)).isEmpty();
  }
}
