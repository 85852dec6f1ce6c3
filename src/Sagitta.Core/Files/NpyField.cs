namespace Sagitta.Core.Files;

/// <summary>One field of a structured NumPy type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its plain type.</param>
/// <param name="Offset">Bytes from the start of the structure.</param>
internal sealed record NpyField(string Name, NpyType Type, int Offset);
