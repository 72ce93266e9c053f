package dev.belay.proxy.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a file twice a second, which works on every file system, and reads it when it has
 * changed and then stayed the same from one look to the next: whoever writes it in pieces is let
 * finish. For one question at a time.
 */
final class FileFetcher implements Fetcher {
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Path path;
  private @Nullable Stamp read;
  private @Nullable Stamp seen;
  private boolean failing;

  FileFetcher(Path path) {
    this.path = path;
  }

  /** What changes when a file does; the key is that of the file, not of its name. */
  private record Stamp(FileTime modified, long size, @Nullable Object key) {
    static Stamp of(Path path) throws IOException {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      if (!now.isRegularFile()) {
        throw new IOException("is no file");
      }
      return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
    }
  }

  @Override
  public Duration interval() {
    return LOOK;
  }

  @Override
  public double jitter() {
    return 0;
  }

  @Override
  public CompletionStage<Fetched> fetch() {
    return CompletableFuture.completedFuture(look());
  }

  private Fetched look() {
    try {
      Stamp now = Stamp.of(path);
      boolean first = read == null;
      boolean settled = now.equals(seen) || first;
      seen = now;
      if (!settled || (now.equals(read) && !failing)) {
        return new Fetched.Unchanged();
      }
      byte[] bytes = bytes();
      if (!first && !Stamp.of(path).equals(now)) {
        return new Fetched.Unchanged(); // it changes while we read: the next look decides
      }
      read = now;
      failing = false;
      return new Fetched.Fresh(bytes, true);
    } catch (NoSuchFileException gone) {
      failing = true;
      return new Fetched.Failed("there is no file " + path);
    } catch (IOException e) {
      failing = true;
      return new Fetched.Failed("cannot read %s: %s".formatted(path, e.getClass().getSimpleName()));
    }
  }

  private byte[] bytes() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      // one more than is allowed, so that too much shows
      return in.readNBytes(ProxyList.MOST_BYTES + 1);
    }
  }
}
