package dev.belay.chaos.trace.receive;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The encodings that are understood. */
final class Media {
  static final String PROTOBUF = "application/x-protobuf";
  static final String JSON = "application/json";

  private Media() {}

  /** The type of a header, without parameters. */
  static String type(@Nullable String header) {
    String type = header == null ? "" : header;
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  static boolean isKnown(String type) {
    return type.equals(PROTOBUF) || type.equals(JSON);
  }

  /** Whether a body is packed in a way that can be unpacked, or not at all. */
  static boolean isKnownPacking(@Nullable String header) {
    String packing = type(header);
    return packing.isEmpty() || packing.equals("identity") || packing.equals("gzip");
  }
}
