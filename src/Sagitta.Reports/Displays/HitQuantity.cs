namespace Sagitta.Reports.Displays;

/// <summary>What the colour of a hit shows.</summary>
internal enum HitQuantity
{
    /// <summary>The network's probability.</summary>
    Score,

    /// <summary>Whether it belongs to the particle.</summary>
    Truth,

    /// <summary>Its share of its plane's cluster.</summary>
    Weight,

    /// <summary>Its effect on the fitted q/pT.</summary>
    Influence,
}
