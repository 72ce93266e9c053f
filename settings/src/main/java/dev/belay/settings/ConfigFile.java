package dev.belay.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Gets the text of a configuration file. */
public final class ConfigFile {
  /** Bytes of the largest configuration. */
  public static final int LARGEST = 1 << 20;

  private ConfigFile() {}

  /**
   * The text of a configuration.
   *
   * @throws ConfigException if there is none, or it is too large, or no text
   */
  public static String read(Path file) {
    return read(file, LARGEST);
  }

  /**
   * The text of a file.
   *
   * @param largest it may be, in bytes
   * @throws ConfigException if there is none, or it is too large, or no text
   */
  public static String read(Path file, int largest) {
    Source source = new Source(file.toString(), Map.of());
    if (Files.isDirectory(file)) {
      throw source.failed(0, "is a directory, not a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(largest + 1);
      if (bytes.length > largest) {
        throw source.failed(0, "is larger than %d MB".formatted(largest >> 20));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw source.failed(0, "there is no such file");
    } catch (CharacterCodingException e) {
      throw source.failed(0, "is not UTF-8 text");
    } catch (IOException e) {
      throw source.failed(0, "cannot be read: " + e.getClass().getSimpleName());
    }
  }
}
