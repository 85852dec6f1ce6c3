namespace Sagitta.Experiments.Reports.Displays;

/// <summary>What the colour of a hit shows.</summary>
public enum HitQuantity
{
    /// <summary>The network's probability.</summary>
    Score,

    /// <summary>Whether it belongs to the muon.</summary>
    Truth,

    /// <summary>Its share of its plane's cluster.</summary>
    Weight,

    /// <summary>Its effect on the fitted q/pT.</summary>
    Influence,
}
