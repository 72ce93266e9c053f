package dev.belay.proxy.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import dev.belay.Endpoint;
import dev.belay.http.Credentials;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.proxy.source.ProxyList.Refused;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyListTest {
  private static ProxyList read(String text) {
    return ProxyList.read(text.getBytes(UTF_8), ListRules.DEFAULT);
  }

  private static List<String> names(ProxyList list) {
    return list.entries().stream().map(entry -> named(entry.address())).toList();
  }

  private static String named(ProxyAddress address) {
    return address.credentials().map(login -> login.user() + " at ").orElse("") + address.url();
  }

  private static Entry only(ProxyList list) {
    assertThat(list.refused()).isEmpty();
    assertThat(list.entries()).hasSize(1);
    return list.entries().getFirst();
  }

  private static Credentials login(String text) {
    return only(read(text)).address().credentials().orElseThrow();
  }

  @Nested
  class Text {

    @Test
    void readsEveryForm() {
      ProxyList list =
          read(
              """
              # my proxies
              1.2.3.4:8080
              host.example:3128:user:pass
              user:pass@other.example:1080   bought in May
              socks5h://me:secret@socks.example:1080
              https://secure.example:443/
              ; another comment
              // and another

              [2001:db8::1]:3128
              [2001:db8::2]:3128:user:pass
              1.2.3.4:8081\tUS\telite
              """);

      assertThat(list.format()).isEqualTo(ListFormat.TEXT);
      assertThat(list.refused()).isEmpty();
      assertThat(names(list))
          .containsExactly(
              "http://1.2.3.4:8080",
              "user at http://host.example:3128",
              "user at http://other.example:1080",
              "me at socks5h://socks.example:1080",
              "https://secure.example:443",
              "http://[2001:db8::1]:3128",
              "user at http://[2001:db8::2]:3128",
              "http://1.2.3.4:8081");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "1.2.3.4:80:us:p@ss:w%rd",
          "us:p@ss:w%rd@1.2.3.4:80",
          "http://us:p%40ss%3Aw%25rd@1.2.3.4:80",
          "us:p@ss:w%rd@[2001:db8::1]:80",
          "[2001:db8::1]:80:us:p@ss:w%rd"
        })
    void takesCredentialsAsTheyAre(String line) {
      assertThat(login(line)).isEqualTo(new Credentials("us", "p@ss:w%rd"));
    }

    @Test
    void takesAUserThatLooksLikeAHostForAUser() {
      assertThat(login("user:1234:x@host:80")).isEqualTo(new Credentials("user", "1234:x"));
      assertThat(login("user:1234@host:80")).isEqualTo(new Credentials("user", "1234"));
    }

    @Test
    void saysWhichLinesWereRefusedAndWhyWithoutTheirSecrets() {
      ProxyList list =
          read(
              """
              1.2.3.4:80
              CANARY
              1.2.3.4:99999:us:CANARY
              ftp://us:CANARY@host:21
              http://us:CANARY%zz@host:80
              us:CANARY@host
              host:80:CANARY
              """);

      assertThat(names(list)).containsExactly("http://1.2.3.4:80");
      assertThat(list.refusedCount()).isEqualTo(6);
      assertThat(list.refused())
          .extracting(Refused::place)
          .containsExactly("line 2", "line 3", "line 4", "line 5", "line 6", "line 7");
      assertThat(list.refused().toString()).doesNotContain("CANARY").contains("bad port");
    }

    @Test
    void keepsTheFirstOfThoseThatAreTheSame() {
      ProxyList list = read("a.example:1\nHTTP://A.example:1\nu:1@a.example:1\nu:2@a.example:1\n");

      assertThat(names(list)).containsExactly("http://a.example:1", "u at http://a.example:1");
      assertThat(list.duplicates()).isEqualTo(2);
      assertThat(list.entries().getLast().address().credentials().orElseThrow().password())
          .isEqualTo("1");
    }

    @Test
    void takesAnyKindOfLineEndAndAByteOrderMark() {
      assertThat(names(read("\ufeffa.example:1\r\nb.example:2\rc.example:3")))
          .containsExactly("http://a.example:1", "http://b.example:2", "http://c.example:3");
    }

    @Test
    void givesProxiesWhatTheRulesSay() {
      Endpoint.Traits traits = Endpoint.Traits.NONE.withRegion("EU").withCost(2);
      ListRules rules = new ListRules(ProxyAddress.Scheme.SOCKS5H, traits, true);

      Entry entry = only(ProxyList.read("a.example:1".getBytes(UTF_8), rules));
      assertThat(entry.address().name()).isEqualTo("socks5h://a.example:1");
      assertThat(entry.traits()).isEqualTo(traits);
    }

    @Test
    void refusesPrivateProxiesIfTheRulesSaySo() {
      ListRules rules = new ListRules(ProxyAddress.Scheme.HTTP, Endpoint.Traits.NONE, false);
      String text =
          "127.0.0.1:80\n10.1.2.3:80\n[::1]:80\nlocalhost:80\n169.254.169.254:80\n8.8.8.8:80\n";

      ProxyList list = ProxyList.read(text.getBytes(UTF_8), rules);
      assertThat(names(list)).containsExactly("http://8.8.8.8:80");
      assertThat(list.refused()).hasSize(5).allMatch(one -> one.reason().contains("private"));
    }
  }

  @Nested
  class Csv {

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void readsColumnsByTheirNames(String separator) {
      String text =
          """
          # exported
          IP Address,Port,Protocol,Username,Password,Country Code,Region,Tags,Weight,Cost,Noise
          1.2.3.4,8080,HTTP,us,"p@s""s,;%w",us,US-EAST,"fast paid",2.5,0.1,x

          2001:db8::1,1080,socks5,,,Germany,,,,,
          """
              .replace(",", separator)
              .replace("s" + separator + ";", "s,;");

      ProxyList list = read(text);
      assertThat(list.format()).isEqualTo(ListFormat.CSV);
      assertThat(list.refused()).isEmpty();
      assertThat(names(list))
          .containsExactly("us at http://1.2.3.4:8080", "socks5://[2001:db8::1]:1080");
      Entry first = list.entries().getFirst();
      assertThat(first.address().credentials().orElseThrow().password()).isEqualTo("p@s\"s,;%w");
      assertThat(first.traits())
          .isEqualTo(
              new Endpoint.Traits(
                  "US-EAST", "US", Set.of("fast", "paid"), 2.5, 0.1, Integer.MAX_VALUE));
      assertThat(list.entries().getLast().traits()).isEqualTo(Endpoint.Traits.NONE);
    }

    @Test
    void readsAColumnOfUrls() {
      ProxyList list = read("url,region\nsocks5h://a:b@x.example:1,EU\ny.example:2,US\n");

      assertThat(list.format()).isEqualTo(ListFormat.CSV);
      assertThat(names(list)).containsExactly("a at socks5h://x.example:1", "http://y.example:2");
    }

    @Test
    void saysInWhichLineSomethingIsWrong() {
      ProxyList list =
          read(
              "host,port,password,user\n\"a\nb\",1,,\nx.example,CANARY,,\nc.example,2,,\n1,2,3,4,5\n");

      assertThat(names(list)).containsExactly("http://c.example:2");
      assertThat(list.refused())
          .extracting(Refused::place)
          .containsExactly("line 2", "line 4", "line 6");
      assertThat(list.refused().toString()).doesNotContain("CANARY");
    }

    @Test
    void survivesAQuoteThatNeverEnds() {
      ProxyList list = read("host,port\n\"a.example,1\nb.example,2\n");

      assertThat(list.entries()).isEmpty();
      assertThat(list.refusedCount()).isEqualTo(1);
    }
  }

  @Nested
  class Json {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "[\"a.example:1\", \"socks5h://u:p@b.example:2\"]",
          "{\"total\": 2, \"data\": [{\"ip\": \"a.example\", \"port\": \"1\"},"
              + " {\"host\": \"b.example\", \"port\": 2, \"protocols\": [\"socks5h\"],"
              + " \"username\": \"u\", \"password\": \"p\"}]}",
          "{\"meta\": {\"data\": 1, \"x\": [1]}, \"proxies\": [{\"proxy\": \"a.example:1\"},"
              + " {\"url\": \"socks5h://b.example:2\", \"user\": \"u\", \"pass\": \"p\"}]}"
        })
    void readsTextsAndObjects(String text) {
      ProxyList list = read(text);

      assertThat(list.format()).isEqualTo(ListFormat.JSON);
      assertThat(list.refused()).isEmpty();
      assertThat(names(list)).containsExactly("http://a.example:1", "u at socks5h://b.example:2");
    }

    @Test
    void saysWhichItemsWereRefused() {
      ProxyList list =
          read("[\"a.example:1\",\n{\"password\": \"CANARY\"},\n7, [1, 2], null,\n\"CANARY\"]");

      assertThat(names(list)).containsExactly("http://a.example:1");
      assertThat(list.refused())
          .extracting(Refused::place)
          .containsExactly(
              "item 2, line 2",
              "item 3, line 3",
              "item 4, line 3",
              "item 5, line 3",
              "item 6, line 4");
      assertThat(list.refused().toString()).doesNotContain("CANARY");
    }

    @Test
    void knowsTagsAndUnknownProtocols() {
      ProxyList list =
          read(
              """
              [{"ip": "1.2.3.4", "port": 1, "tags": ["fast", "paid"], "type": "elite",
                "geo": {"ip": "9.9.9.9"}, "country": "DE", "weight": 3, "cost": "x"},
               {"ip": "1.2.3.5", "port": 1, "protocol": "ssh"}]
              """);

      assertThat(names(list)).containsExactly("http://1.2.3.4:1");
      Endpoint.Traits traits = list.entries().getFirst().traits();
      assertThat(traits.tags()).containsExactlyInAnyOrder("fast", "paid");
      assertThat(traits.country()).isEqualTo("DE");
      assertThat(traits.weight()).isEqualTo(3);
      assertThat(traits.cost()).isZero();
      assertThat(list.refused().getFirst().reason()).contains("protocol");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"[\"CANARY", "{\"data\": [", "[1] CANARY", "{}", "{\"a\": [\"b:1\"]}", "[1,,2]"})
    void refusesWhatIsMalformedOrHasNoList(String text) {
      assertThatThrownBy(() -> read(text))
          .isInstanceOf(ListRefused.class)
          .hasMessageNotContaining("CANARY");
    }

    @Test
    void aBombOfBracketsIsHarmless() {
      assertThatThrownBy(() -> read("[".repeat(1_000_000))).isInstanceOf(ListRefused.class);
    }
  }

  @Nested
  class Bounds {

    @Test
    void refusesMoreThanTenMegabytes() {
      assertThatThrownBy(
              () -> ProxyList.read(new byte[ProxyList.MOST_BYTES + 1], ListRules.DEFAULT))
          .isInstanceOf(ListRefused.class)
          .hasMessage("the list is larger than 10 MB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#\n", "a:1\n", "url\n"})
    void refusesMoreThanAHundredThousandLines(String line) {
      assertThatThrownBy(() -> read(line.repeat(100_002)))
          .isInstanceOf(ListRefused.class)
          .hasMessage("the list has more than 100000 lines");
    }

    @Test
    void refusesMoreThanAHundredThousandItems() {
      assertThatThrownBy(() -> read("[" + "1,".repeat(100_001) + "1]"))
          .isInstanceOf(ListRefused.class)
          .hasMessageContaining("lines");
    }

    @Test
    void refusesWhatIsNoText() {
      byte[] latin = {'a', (byte) 0xe4, '\n'};
      assertThatThrownBy(() -> ProxyList.read(latin, ListRules.DEFAULT))
          .hasMessage("the list is no text in UTF-8");
      assertThatThrownBy(() -> read("a.example:1\n\u0000\u0001ELF"))
          .hasMessage("the list is binary");
    }

    @Test
    void tellsNoMoreThanAHundredRefusals() {
      ProxyList list = read("nonsense\n".repeat(5_000));

      assertThat(list.refusedCount()).isEqualTo(5_000);
      assertThat(list.refused()).hasSize(100);
    }

    @Test
    void readsTenThousandProxies() {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 10_000; i++) {
        text.append("10.%d.%d.1:%d\n".formatted(i / 250, i % 250, 3128));
      }
      assertThat(read(text.toString()).entries()).hasSize(10_000);
    }

    @Test
    void anEmptyListIsEmpty() {
      assertThat(read("").entries()).isEmpty();
      assertThat(read("\n# nothing\n").refusedCount()).isZero();
    }
  }

  /** Whatever comes, it is read or refused, and never quoted. */
  @Test
  void neverThrowsAnythingElseAndNeverTellsASecret() {
    Cases.check(
        2_000,
        ProxyListTest::anything,
        text -> {
          try {
            ProxyList list = read(text);
            assertThat(list.refused().toString()).doesNotContain("CANARY");
          } catch (ListRefused refused) {
            assertThat(refused).hasMessageNotContaining("CANARY");
          }
        });
  }

  private static String anything(RandomGenerator random) {
    List<String> pieces =
        List.of(
            "CANARY", ":", "@", "%", "\n", ",", "\"", "{", "}", "[", "]", "host", "port", "80",
            "//", "http", "\t", "::1", "1.2.3.4", " ", "url", "#");
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i >= 0; i--) {
      text.append(pieces.get(random.nextInt(pieces.size())));
    }
    return text.toString();
  }
}
