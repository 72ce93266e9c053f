package dev.belay.flow.plan;

import dev.belay.flow.Plan;
import dev.belay.settings.ConfigException;
import dev.belay.settings.ConfigFile;
import java.nio.file.Path;

/** Plans in files. */
public final class PlanFile {
  /** Bytes of the largest plan. */
  public static final int LARGEST = 64 << 20;

  private PlanFile() {}

  /**
   * Reads a plan; prompts that it names as files are read as well.
   *
   * @throws ConfigException if it cannot be run, with everything that is wrong, by line
   */
  public static Plan load(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    return read(
        ConfigFile.read(file, LARGEST),
        file.toString(),
        directory == null ? Path.of("/") : directory);
  }

  /**
   * Reads a plan.
   *
   * @param text YAML
   * @param name by which messages call it
   * @param directory below which prompt files are
   * @throws ConfigException if it cannot be run, with everything that is wrong, by line
   */
  public static Plan read(String text, String name, Path directory) {
    return new PlanReader(name, directory).read(text);
  }

  /** A plan as text that {@link #read} gives the same plan for. */
  public static String write(Plan plan) {
    return PlanWriter.write(plan);
  }
}
