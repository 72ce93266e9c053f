package dev.belay.chaos.trace.receive;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * What an exporter is told: an empty answer if all is well, else a status of gRPC in the encoding
 * of the request, as OTLP has it.
 *
 * @param code HTTP's status
 * @param message what is wrong; empty if nothing is
 */
record Answer(int code, String message) {
  static final Answer OK = new Answer(200, "");
  static final Answer TOO_LARGE = new Answer(413, "the body is too large; send smaller batches");
  static final Answer BUSY = new Answer(503, "too many requests at once; send again later");

  private static final int MESSAGE_TAG = (2 << 3) | 2;

  void send(HttpServerResponse response, boolean json) {
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(code).putHeader("content-type", json ? Media.JSON : Media.PROTOBUF);
    if (code == BUSY.code()) {
      response.putHeader("retry-after", "1");
    }
    var unused = response.end(json ? json() : protobuf());
  }

  private Buffer json() {
    return message.isEmpty()
        ? Buffer.buffer("{}")
        : new JsonObject().put("message", message).toBuffer();
  }

  private Buffer protobuf() {
    Buffer buffer = Buffer.buffer();
    if (!message.isEmpty()) {
      byte[] text = message.getBytes(StandardCharsets.UTF_8);
      buffer.appendByte((byte) MESSAGE_TAG);
      int left = text.length;
      while (left > 0x7f) {
        buffer.appendByte((byte) ((left & 0x7f) | 0x80));
        left >>>= 7;
      }
      buffer.appendByte((byte) left).appendBytes(text);
    }
    return buffer;
  }
}
