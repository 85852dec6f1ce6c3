using System.ComponentModel.DataAnnotations;

namespace Sagitta.Physics.Simulation;

/// <summary>Draws muons at z = 0.</summary>
internal static class VertexGenerator
{
    /// <summary>One muon, or one that only places the road of an event without.</summary>
    public static MuonTruth Draw(VertexOptions options, ref RandomDraws draws)
    {
        bool present = draws.NextUniform() >= options.WithoutMuon;
        double total = 0;
        foreach (MomentumComponent component in options.Momentum)
        {
            total += component.Weight;
        }

        double choice = total * draws.NextUniform();
        MomentumComponent chosen = options.Momentum[^1];
        foreach (MomentumComponent component in options.Momentum)
        {
            if (choice < component.Weight)
            {
                chosen = component;
                break;
            }

            choice -= component.Weight;
        }

        double pt = chosen.AtQuantile(draws.NextUniform());
        double charge = draws.NextUniform() < 0.5 ? -1 : 1;
        double angle = options.Angle * draws.NextUniform(-1, 1);
        double across = options.AngleAcross * draws.NextUniform(-1, 1);
        return new(present, charge / pt, 0, Math.Sin(angle), Math.Tan(across));
    }
}

/// <summary>Muons at z = 0, y = 0 (before the event shift). The defaults are those of the Geant4 reference sample.</summary>
internal sealed record VertexOptions : ICheckedOptions
{
    /// <summary>Mixture of transverse momenta; charges are equally likely.</summary>
    public IReadOnlyList<MomentumComponent> Momentum { get; init; } = [new()];
    /// <summary>The angle to +z in the (y, z) plane is uniform up to this much to either side, rad.</summary>
    [Range(0, 1.5)]
    public double Angle { get; init; } = 0.05;
    /// <summary>The same towards x, rad.</summary>
    [Range(0, 1.5)]
    public double AngleAcross { get; init; } = 0.05;
    /// <summary>Fraction of events without a muon.</summary>
    [Range(0, 1)]
    public double WithoutMuon { get; init; }

    public IEnumerable<OptionProblem> Check()
    {
        if (!Momentum.Any(component => component.Weight > 0))
        {
            yield return new(nameof(Momentum), "no component has a weight above 0", "give at least one");
        }
    }
}

/// <summary>One part of a mixture of transverse momenta: dN/dpT falls as pT^-Exponent between two bounds.</summary>
internal sealed record MomentumComponent : ICheckedOptions
{
    /// <summary>Lower bound of pT, GeV.</summary>
    [Range(1e-3, 1e6)]
    public double Low { get; init; } = 5;
    /// <summary>Upper bound of pT, GeV; equal to the lower for one fixed pT.</summary>
    [Range(1e-3, 1e6)]
    public double High { get; init; } = 100;
    /// <summary>0 is flat in pT, 2 is flat in 1/pT.</summary>
    [Range(-20, 20)]
    public double Exponent { get; init; }
    /// <summary>Share of the mixture, relative to the other components'.</summary>
    [Range(0, 1e9)]
    public double Weight { get; init; } = 1;

    public IEnumerable<OptionProblem> Check()
    {
        if (Low > High)
        {
            yield return new(nameof(Low), string.Create(CultureInfo.InvariantCulture, $"{Low} is above 'high', {High}"),
                "give a lower bound that is not above the upper one");
        }
    }

    /// <summary>The pT at quantile <paramref name="uniform"/>.</summary>
    public double AtQuantile(double uniform)
    {
        if (Low >= High)
        {
            return Low;
        }

        double power = 1 - Exponent;
        return Math.Abs(power) < 1e-12
            ? Low * Math.Pow(High / Low, uniform)
            : Math.Pow(Math.Pow(Low, power) + (uniform * (Math.Pow(High, power) - Math.Pow(Low, power))), 1 / power);
    }
}
