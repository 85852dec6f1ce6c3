namespace Sagitta.Experiments.Systems;

/// <summary>A command line that no verb can carry out; the message says what would be right.</summary>
internal sealed class UsageException(string message) : Exception(message);
