namespace Sagitta.Reports.Documents;

/// <summary>Text to be typed or read exactly as it is, such as a command, with a button that copies it.</summary>
/// <param name="Text">Verbatim.</param>
internal sealed record Code(string Text) : Block;
