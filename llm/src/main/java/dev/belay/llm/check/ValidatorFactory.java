package dev.belay.llm.check;

/** Makes validators of one type; give your own to {@link Validators#with}. */
@FunctionalInterface
public interface ValidatorFactory {

  /**
   * A validator with these parameters. Each parameter that the type knows must be asked for: what
   * is left over is refused as unknown.
   *
   * @throws IllegalArgumentException that names parameter, value and range
   */
  Validator create(Params params);
}
