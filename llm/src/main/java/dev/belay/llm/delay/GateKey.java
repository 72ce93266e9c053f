package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

/**
 * What a provider counts together: callers of one key wait at one gate. Never holds a secret.
 *
 * @param provider the user's word for it
 * @param account the user's word for the account; empty if there is only one
 * @param model as the provider calls it; empty if all models count together
 * @param bucket {@code requests} or {@code tokens}; empty if they are not told apart
 */
public record GateKey(String provider, String account, String model, String bucket) {
  /** Rejects null. */
  public GateKey {
    requireNonNull(provider, "provider");
    requireNonNull(account, "account");
    requireNonNull(model, "model");
    requireNonNull(bucket, "bucket");
  }

  /** The gate of a model, or of the whole account if the provider's rules say so. */
  public static GateKey of(DelaySettings settings, String provider, String account, String model) {
    boolean shared = settings.provider(provider).sharedGate();
    return new GateKey(provider, account, shared ? "" : model, "");
  }

  /** {@code anthropic/claude@work}. */
  @Override
  public String toString() {
    return provider
        + (model.isEmpty() ? "" : "/" + model)
        + (account.isEmpty() ? "" : "@" + account)
        + (bucket.isEmpty() ? "" : "#" + bucket);
  }
}
