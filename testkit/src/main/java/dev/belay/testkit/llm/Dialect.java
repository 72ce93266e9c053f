package dev.belay.testkit.llm;

/**
 * The wire formats that a provider speaks; the path of a request tells which. Prefixes do not
 * matter, so that {@code /openai/deployments/d/chat/completions} is understood as well.
 */
public enum Dialect {
  /** {@code POST …/chat/completions}, as OpenAI, Azure, Groq and most gateways have it. */
  OPENAI_CHAT,
  /** {@code POST …/responses} of OpenAI. */
  OPENAI_RESPONSES,
  /** {@code POST …/messages} of Anthropic. */
  ANTHROPIC,
  /** {@code POST …/models/{model}:generateContent} and {@code :streamGenerateContent} of Gemini. */
  GEMINI
}
