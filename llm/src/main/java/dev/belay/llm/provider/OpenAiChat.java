package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.LlmRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * OpenAI's chat completions, which most other hosts speak too. The base address ends in {@code /v1}
 * for OpenAI, and wherever the host's own documents say for others. Immutable, safe for any number
 * of threads.
 */
public final class OpenAiChat implements Dialect {
  private final String name;
  private final Login login;
  private final String limitField;
  private final String azureVersion;

  private OpenAiChat(String name, Login login, String limitField, String azureVersion) {
    this.name = name;
    this.login = requireNonNull(login, "login");
    this.limitField = limitField;
    this.azureVersion = azureVersion;
  }

  /** As OpenAI itself speaks it. */
  public static OpenAiChat openAi() {
    return new OpenAiChat("openai-chat", Login.BEARER, "max_completion_tokens", "");
  }

  /** As other hosts speak it: the longest answer is called {@code max_tokens}. */
  public static OpenAiChat compatible() {
    return new OpenAiChat("openai-compatible", Login.BEARER, "max_tokens", "");
  }

  /** As Azure speaks it below {@code https://NAME.openai.azure.com/openai/v1}. */
  public static OpenAiChat azure() {
    return new OpenAiChat("azure-openai", Login.API_KEY, "max_completion_tokens", "");
  }

  /**
   * As Azure speaks it below {@code https://NAME.openai.azure.com/openai}, where the model is the
   * name of a deployment and stands in the path.
   *
   * @param version of the interface, {@code 2024-10-21}, say
   */
  public static OpenAiChat azureDeployments(String version) {
    Check.that(!version.isBlank(), "api_version must not be empty");
    return new OpenAiChat("azure-openai", Login.API_KEY, "max_completion_tokens", version);
  }

  /** The same with another way to log in. */
  public OpenAiChat withLogin(Login login) {
    return new OpenAiChat(name, login, limitField, azureVersion);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public WireRequest write(LlmRequest request, WriteOptions options) {
    new McpServers(name, request, options).refuse();
    return Wiring.post(
        path(request),
        Headers.NONE,
        new ChatWriter(request, limitField, options.stream()).body(),
        options.stream());
  }

  private String path(LlmRequest request) {
    if (azureVersion.isEmpty()) {
      return "/chat/completions";
    }
    return "/deployments/%s/chat/completions?api-version=%s"
        .formatted(encode(request.model()), encode(azureVersion));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public Headers login(String key) {
    return login.with(key);
  }

  @Override
  public Reading read(WireResponse response) {
    return ChatReader.read(response);
  }

  @Override
  public StreamReader stream(Headers headers) {
    return new ChatStream(headers);
  }

  @Override
  public Optional<String> idempotencyHeader() {
    return Optional.of("idempotency-key");
  }
}
