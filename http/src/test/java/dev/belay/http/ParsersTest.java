package dev.belay.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.VirtualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Properties of every parser: cuts change nothing, and garbage only ever fails as declared. */
class ParsersTest {
  private static final ProxyAddress HTTP = ProxyAddress.parse("http://h:1");
  private static final ProxyAddress SOCKS5 = ProxyAddress.parse("socks5h://u:p@h:1");
  private static final ProxyAddress SOCKS4 = ProxyAddress.parse("socks4a://h:1");
  private static final List<Supplier<Handshake>> HANDSHAKES =
      List.of(
          () -> new HttpConnect(HTTP, "t", 1, new VirtualTime()),
          () -> new Socks5(SOCKS5, "t", 1),
          () -> new Socks4(SOCKS4, "t", 1));
  private static final List<byte[]> STARTS =
      List.of(
          text("HTTP/1.1 200 OK\r\nA: b\r\n\r\nrest"),
              text("HTTP/1.1 503 No\r\nRetry-After: 3\r\n\r\n"),
          hex("0502010005000001000000000000aabb"), hex("05000500000361626300501122"),
          hex("005a0000000000007788"), hex("005b"));
  private static final List<byte[]> SOCKS_CLIENTS =
      List.of(
          hex("0502000201017501700501000303612e6201bbaabb"),
              hex("0501000501000420010db800000000000000000000000101bb"),
          hex("04010050000000016a6f6500612e6200ff"), hex("040100507f00000100"));
  private static final List<byte[]> REQUESTS =
      List.of(
          text(
              "GET / HTTP/1.1\r\nHost: h\r\n\r\n\r\nPOST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET"),
          text(
              "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\nT: v\r\n\r\nGET / HTTP/1.1\r\n"),
          text("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n"),
          text("GET / HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n"),
          text("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n\u0016\u0003"));

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Cut(byte[] bytes, List<Integer> ends) {
    @Override
    public String toString() {
      return HexFormat.of().formatHex(bytes) + " cut at " + ends;
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  /** One of the examples, in half of the cases with some bytes changed, cut at random. */
  private static Cut cut(RandomGenerator random, List<byte[]> examples) {
    byte[] bytes = examples.get(random.nextInt(examples.size())).clone();
    for (int i = random.nextBoolean() ? random.nextInt(4) : 0; i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    List<Integer> ends = new ArrayList<>();
    for (int i = 1; i < bytes.length; i++) {
      if (random.nextInt(3) == 0) {
        ends.add(i);
      }
    }
    ends.add(bytes.length);
    return new Cut(bytes, ends);
  }

  private static String handshake(Handshake handshake, byte[] bytes, List<Integer> ends) {
    ByteBuf in = Unpooled.buffer();
    var seen = new StringBuilder();
    int from = 0;
    try {
      for (int end : ends) {
        in.writeBytes(bytes, from, end - from);
        from = end;
        boolean more = false;
        while (!more) {
          switch (handshake.read(in)) {
            case Handshake.Step.More step -> more = true;
            case Handshake.Step.Send step ->
                seen.append(HexFormat.of().formatHex(step.bytes())).append(';');
            case Handshake.Step.Open step -> {
              return seen.append("open at ").append(in.readerIndex()).toString();
            }
          }
        }
      }
      return seen.append("more").toString();
    } catch (DialException failure) {
      return seen.append(failure.getMessage()).append(failure.verdict()).toString();
    }
  }

  @Test
  void handshakesDoNotDependOnCuts() {
    Cases.check(
        6000,
        random -> cut(random, STARTS),
        cut -> {
          for (Supplier<Handshake> handshake : HANDSHAKES) {
            String whole = handshake(handshake.get(), cut.bytes(), List.of(cut.bytes().length));
            assertThat(handshake(handshake.get(), cut.bytes(), cut.ends())).isEqualTo(whole);
          }
        });
  }

  private static String socks(byte[] bytes, List<Integer> ends) {
    var parser = new SocksParser(SocksLogin.OPTIONAL);
    ByteBuf in = Unpooled.buffer();
    var seen = new StringBuilder();
    int from = 0;
    try {
      for (int end : ends) {
        in.writeBytes(bytes, from, end - from);
        from = end;
        SocksParser.Asked asked = parser.read(in);
        seen.append(HexFormat.of().formatHex(parser.takeAnswer()));
        if (asked != null) {
          return seen.append(asked).append(in.readerIndex()).toString();
        }
      }
      return seen.append("more").toString();
    } catch (SocksException failure) {
      return seen.append(HexFormat.of().formatHex(parser.takeAnswer()))
          .append(failure.reason())
          .toString();
    }
  }

  @Test
  void socksRequestsDoNotDependOnCuts() {
    Cases.check(
        6000,
        random -> cut(random, SOCKS_CLIENTS),
        cut ->
            assertThat(socks(cut.bytes(), cut.ends()))
                .isEqualTo(socks(cut.bytes(), List.of(cut.bytes().length))));
  }

  private static String scan(byte[] bytes, List<Integer> ends) {
    var scan = new RequestScan(RequestGuard.Limits.DEFAULT);
    ByteBuf in = Unpooled.buffer();
    int from = 0;
    for (int end : ends) {
      in.writeBytes(bytes, from, end - from);
      from = end;
      RequestGuard.Reason reason = scan.scan(in);
      in.skipBytes(scan.goodBytes());
      if (reason != null || scan.switches()) {
        return reason + " " + scan.switches() + " at " + in.readerIndex();
      }
    }
    return "good to " + in.readerIndex();
  }

  @Test
  void theGuardDoesNotDependOnCuts() {
    Cases.check(
        10000,
        random -> cut(random, REQUESTS),
        cut -> {
          String whole = scan(cut.bytes(), List.of(cut.bytes().length));
          assertThat(scan(cut.bytes(), cut.ends()).replaceAll(" at .*", ""))
              .isEqualTo(whole.replaceAll(" at .*", ""));
        });
  }
}
