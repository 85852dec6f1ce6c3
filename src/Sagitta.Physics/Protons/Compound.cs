using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Sagitta.Physics.Protons;

/// <summary>A homogeneous material with the elements that protons react with.</summary>
internal sealed record Compound : ICheckedOptions
{
    private readonly (Element Element, double MassFraction)[] _parts = [];

    /// <summary>Name within the detector file.</summary>
    public string Name { get; internal init; } = "";
    /// <summary>Density, g/cm3.</summary>
    [Range(1e-9, 30)]
    public required double Density { get; init; }
    /// <summary>Radiation length, mm.</summary>
    [Range(1e-3, double.PositiveInfinity)]
    public required double RadiationLength { get; init; }
    /// <summary>Mean excitation energy I of Bethe's formula, eV.</summary>
    [Range(10.0, 1000.0)]
    public required double MeanExcitationEnergy { get; init; }

    /// <summary>Fractions by mass of elements by their symbols, which add up to 1.</summary>
    [Range(0.0, 1.0)]
    public required IReadOnlyDictionary<string, double> Elements
    {
        get;
        init
        {
            field = value;
            double sum = value.Values.Sum();
            _parts = [.. value.Where(part => Element.TryFind(part.Key, out _))
                .Select(part => (Element.TryFind(part.Key, out Element? element) ? element : null!, part.Value / sum))];
        }
    }

    /// <summary>The elements with their fractions by mass.</summary>
    public IReadOnlyList<(Element Element, double MassFraction)> Parts => _parts;

    /// <summary>Z of its electrons' atoms, averaged over electrons.</summary>
    public double MeanProtons => Parts.Sum(part =>
        part.MassFraction * part.Element.Protons * part.Element.Protons / part.Element.MassNumber) / ProtonsPerNucleon;

    /// <summary>Electrons per mass, Z/A in mol/g, averaged over the elements.</summary>
    public double ProtonsPerNucleon => Parts.Sum(part => part.MassFraction * part.Element.Protons / part.Element.MassNumber);

    public IEnumerable<OptionProblem> Check()
    {
        foreach (string symbol in Elements.Keys.Where(symbol => !Element.TryFind(symbol, out _)))
        {
            yield return new($"elements.{symbol}", "the element is unknown", $"give one of {string.Join(", ", Element.Symbols)}");
        }

        double sum = Elements.Values.Sum();
        if (!(Math.Abs(sum - 1) < 1e-3))
        {
            yield return new(nameof(Elements), string.Create(CultureInfo.InvariantCulture, $"the fractions add up to {sum}"),
                "give fractions by mass that add up to 1");
        }
    }
}

/// <summary>A flat piece of material across the beam.</summary>
/// <param name="Material">What it is made of.</param>
/// <param name="Thickness">Thickness along z, mm.</param>
internal readonly record struct CompoundSlab(Compound Material, double Thickness);

/// <summary>A chemical element as nuclear reactions see it.</summary>
/// <param name="Symbol">Chemical symbol.</param>
/// <param name="Protons">Z.</param>
/// <param name="MassNumber">Mean mass number, and g/mol (CODATA standard atomic weights, rounded).</param>
internal sealed record Element(string Symbol, int Protons, double MassNumber)
{
    private static readonly Element[] _known =
    [
        new("H", 1, 1.008), new("C", 6, 12.011), new("N", 7, 14.007), new("O", 8, 15.999), new("F", 9, 18.998), new("Al", 13, 26.982),
        new("Si", 14, 28.085), new("Ar", 18, 39.95), new("Ca", 20, 40.078), new("Fe", 26, 55.845), new("Cu", 29, 63.546),
    ];

    /// <summary>Symbols that <see cref="TryFind"/> knows.</summary>
    public static IEnumerable<string> Symbols => _known.Select(element => element.Symbol);

    public static bool TryFind(string symbol, [NotNullWhen(true)] out Element? element)
    {
        element = Array.Find(_known, candidate => candidate.Symbol == symbol);
        return element is not null;
    }
}
