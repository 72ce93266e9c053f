package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.0.9",
        "127.0.0.1.",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "0.0.0.0",
        "0",
        "255.255.255.255",
        "240.0.0.1",
        "224.0.0.1",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "127.0.0.0x1",
        "[::1]",
        "[::]",
        "[fc00::1]",
        "[fd12:3456::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:10.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:7f00:1::]",
        "[2002:a00:1::1]",
        "localhost",
        "LocalHost",
        "localhost.",
        "a.localhost",
        "a.localhost.",
        "printer.local",
        "vault.internal",
        "router.lan"
      })
  void whatLiesOnThisMachineOrInAPrivateNetworkIsPrivate(String host) {
    assertThat(Target.parse(host + ":80", -1)).get().matches(Target::isPrivate);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.com",
        "8.8.8.8",
        "172.15.0.1",
        "172.32.0.1",
        "100.63.0.1",
        "100.128.0.1",
        "192.167.0.1",
        "[2606:4700::1111]",
        "[::ffff:8.8.8.8]",
        "[64:ff9b::808:808]",
        "[2002:808:808::1]",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "0x7f.example",
        "local.example.org"
      })
  void allElseIsPublic(String host) {
    assertThat(Target.parse(host + ":80", -1)).get().matches(target -> !target.isPrivate());
  }

  @Test
  void everyAddressOfAPrivateRangeIsPrivateInEveryCloth() {
    int[] ranges = {10, 127, 0, 169, 192, 172, 100};
    Cases.check(
        500,
        random -> {
          int first = ranges[random.nextInt(ranges.length)];
          int second =
              switch (first) {
                case 169 -> 254;
                case 192 -> 168;
                case 172 -> 16 + random.nextInt(16);
                case 100 -> 64 + random.nextInt(64);
                default -> random.nextInt(256);
              };
          return new int[] {first, second, random.nextInt(256), random.nextInt(256)};
        },
        ip -> {
          String dotted = "%d.%d.%d.%d".formatted(ip[0], ip[1], ip[2], ip[3]);
          String hex = "%02x%02x:%02x%02x".formatted(ip[0], ip[1], ip[2], ip[3]);
          assertThat(new Target(dotted, 1).isPrivate()).isTrue();
          assertThat(new Target("::ffff:" + hex, 1).isPrivate()).isTrue();
          assertThat(new Target("64:ff9b::" + hex, 1).isPrivate()).isTrue();
          assertThat(new Target("2002:" + hex + "::1", 1).isPrivate()).isTrue();
          long number = ((long) ip[0] << 24) + (ip[1] << 16) + (ip[2] << 8) + ip[3];
          assertThat(new Target(Long.toString(number), 1).isPrivate()).isTrue();
          assertThat(new Target("0x" + Long.toHexString(number), 1).isPrivate()).isTrue();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "a:",
        "a:0",
        "a:65536",
        "a:-1",
        "a:b",
        "a b:80",
        "a%6c:80",
        "user@a:80",
        "user:pass@a:80",
        "[::1:80",
        "[fe80::1%eth0]:80",
        "[zz::1]:80",
        "::1:80",
        "a/b:80",
        "a?b:80",
        ".a:80",
        "-a:80",
        "ä.example:80",
        "a:80:80",
        "a\\b:80",
        "a#b:80"
      })
  void whatTwoProxiesMightReadDifferentlyIsNoTarget(String authority) {
    assertThat(Target.parse(authority, -1)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Example.COM:80, example.com:80, example.com",
    "example.com, example.com:80, example.com",
    "example.com:8080, example.com:8080, example.com:8080",
    "[::1]:80, [::1]:80, [::1]",
    "[2001:DB8::1]:81, [2001:db8::1]:81, [2001:db8::1]:81"
  })
  void hasANameAndAnAuthority(String authority, String name, String inUri) {
    Optional<Target> target = Target.parse(authority, 80);
    assertThat(target).get().returns(name, Target::name).returns(inUri, Target::authority);
  }
}
