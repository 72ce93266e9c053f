package dev.belay.proxy.client;

import dev.belay.ErrorClass;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Makes what arrived fit for its caller, on a thread of the caller's. */
final class Delivery {
  private final Rules.Manner manner;

  Delivery(Rules.Manner manner) {
    this.manner = manner;
  }

  /** Throws {@link ProxyClientException} where the caller does not want what arrived. */
  ProxyResponse deliver(Arrived arrived) {
    ProxyResponse response = response(arrived);
    if (manner.throwOnExhausted() && response.isExhausted()) {
      throw new RetriesExhausted(response);
    }
    return response;
  }

  private ProxyResponse response(Arrived arrived) {
    int most = manner.limits().bodyBytes();
    @Nullable String named = arrived.received().head().getHeader("Content-Encoding");
    String coding = named == null ? "" : named;
    boolean packed = manner.decompress() && Unpacking.knows(coding);
    BodyStream stream = arrived.stream();
    if (stream != null) {
      InputStream body = packed ? Unpacking.of(stream, coding) : stream;
      return new ProxyResponse(ResponseHead.of(arrived, packed), arrived.report(), body, most);
    }
    byte[] whole = arrived.received().whole().getBytes();
    boolean unpacks = packed && whole.length > 0;
    byte[] plain = unpacks ? unpack(arrived, whole, coding) : whole;
    return new ProxyResponse(
        ResponseHead.of(arrived, unpacks), arrived.report(), ProxyResponse.kept(plain), most);
  }

  private byte[] unpack(Arrived arrived, byte[] whole, String coding) {
    int most = manner.limits().bodyBytes();
    try (InputStream plain = Unpacking.of(new ByteArrayInputStream(whole), coding)) {
      byte[] bytes = plain.readNBytes(most);
      if (bytes.length == most && plain.read() >= 0) {
        throw new IOException("it is larger than %d bytes when unpacked".formatted(most));
      }
      return bytes;
    } catch (IOException failure) {
      throw new RequestFailed(
          arrived.report(),
          ErrorClass.INVALID,
          "the body from %s cannot be unpacked: %s"
              .formatted(arrived.report().target(), failure.getMessage()),
          failure);
    }
  }
}
