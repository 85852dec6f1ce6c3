namespace Sagitta.Reports.Markup;

/// <summary>A stretch of text in one style.</summary>
internal readonly record struct InlineRun(string Text, InlineStyle Style);
