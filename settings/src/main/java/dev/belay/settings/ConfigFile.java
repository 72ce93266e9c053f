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
  static final int LARGEST = 1 << 20;

  private ConfigFile() {}

  public static String read(Path file) {
    Source source = new Source(file.toString(), Map.of());
    if (Files.isDirectory(file)) {
      throw source.failed(0, "is a directory, not a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw source.failed(0, "is larger than 1 MB");
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
