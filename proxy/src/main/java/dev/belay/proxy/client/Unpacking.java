package dev.belay.proxy.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** A packed body, unpacked while it is read; nothing is read before somebody asks. */
final class Unpacking extends InputStream {
  private final InputStream packed;
  private final boolean gzip;
  private @Nullable InputStream plain;

  private Unpacking(InputStream packed, boolean gzip) {
    this.packed = packed;
    this.gzip = gzip;
  }

  /** Whether a body of this coding can be unpacked. */
  static boolean knows(String coding) {
    return isGzip(coding) || isDeflate(coding);
  }

  static InputStream of(InputStream packed, String coding) {
    return new Unpacking(packed, isGzip(coding));
  }

  private static boolean isGzip(String coding) {
    String name = coding.strip().toLowerCase(Locale.ROOT);
    return name.equals("gzip") || name.equals("x-gzip");
  }

  private static boolean isDeflate(String coding) {
    return coding.strip().equalsIgnoreCase("deflate");
  }

  private InputStream plain() throws IOException {
    InputStream opened = plain;
    if (opened == null) {
      PushbackInputStream in = new PushbackInputStream(packed, 2);
      byte[] start = in.readNBytes(2);
      in.unread(start);
      opened = start.length == 0 ? in : open(in, start);
      plain = opened;
    }
    return opened;
  }

  private InputStream open(InputStream in, byte[] start) throws IOException {
    if (gzip) {
      return new GZIPInputStream(in);
    }
    // many servers leave out the frame of zlib that "deflate" stands for
    boolean framed =
        start.length == 2
            && (start[0] & 0x0f) == 8
            && ((start[0] & 0xff) << 8 | (start[1] & 0xff)) % 31 == 0;
    return new InflaterInputStream(in, new Inflater(!framed));
  }

  @Override
  public int read() throws IOException {
    return plain().read();
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    return plain().read(into, offset, length);
  }

  @Override
  public void close() throws IOException {
    InputStream opened = plain;
    if (opened != null) {
      opened.close();
    }
    packed.close();
  }
}
