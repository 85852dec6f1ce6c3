namespace Sagitta.Reports.Markup;

/// <summary>The styles that text within a line may have.</summary>
internal enum InlineStyle
{
    /// <summary>As the surrounding text.</summary>
    Plain,

    /// <summary>Lowered and smaller.</summary>
    Subscript,

    /// <summary>Raised and smaller.</summary>
    Superscript,

    /// <summary>Monospaced.</summary>
    Code,

    /// <summary>Bold.</summary>
    Strong,
}
