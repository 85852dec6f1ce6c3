namespace Sagitta.Physics.Protons;

/// <summary>What a proton can meet in a stack of slabs taken as mixed: probabilities per mm, tabulated over energy.</summary>
internal sealed class NuclearTargets
{
    private const double EnergyStep = 2.5;
    private const double Avogadro = 6.02214076e23;
    private const double GramPerCubicMillimetre = 1e-3;
    private readonly Element[] _elements;
    private readonly double[] _inelastic;
    private readonly double[] _elastic;
    private readonly double[] _total;
    private readonly int _nodes = (int)(RangeTable.Highest / EnergyStep) + 2;

    /// <summary>Tabulates slabs; thicknesses are weights.</summary>
    public NuclearTargets(IReadOnlyList<CompoundSlab> slabs)
    {
        double length = slabs.Sum(slab => slab.Thickness);
        var densities = slabs
            .SelectMany(slab => slab.Material.Parts.Select(part => (
                part.Element,
                Number: part.MassFraction * slab.Material.Density * GramPerCubicMillimetre * Avogadro / part.Element.MassNumber
                    * slab.Thickness / length)))
            .GroupBy(part => part.Element)
            .Select(group => (Element: group.Key, Number: group.Sum(part => part.Number)))
            .ToArray();
        _elements = [.. densities.Select(part => part.Element)];
        _inelastic = new double[_nodes * _elements.Length];
        _elastic = new double[_nodes * _elements.Length];
        _total = new double[_nodes];
        for (int i = 0; i < _nodes; i++)
        {
            for (int e = 0; e < _elements.Length; e++)
            {
                _inelastic[(i * _elements.Length) + e] = densities[e].Number * NuclearCrossSections.Inelastic(_elements[e], i * EnergyStep);
                _elastic[(i * _elements.Length) + e] = densities[e].Number * NuclearCrossSections.Elastic(_elements[e], i * EnergyStep);
                _total[i] += _inelastic[(i * _elements.Length) + e] + _elastic[(i * _elements.Length) + e];
            }
        }
    }

    /// <summary>Probability of any reaction per mm.</summary>
    public double Total(double energy)
    {
        double at = Math.Clamp(energy, 0, RangeTable.Highest) * (1 / EnergyStep);
        int i = (int)at;
        return _total[i] + ((at - i) * (_total[i + 1] - _total[i]));
    }

    /// <summary>Which element a reaction is with, and whether it is inelastic, at a quantile in (0, 1).</summary>
    public (Element Element, bool Inelastic) Choose(double energy, double quantile)
    {
        int row = (int)(Math.Clamp(energy, 0, RangeTable.Highest) * (1 / EnergyStep));
        double target = quantile * _total[row];
        for (int e = 0; e < _elements.Length; e++)
        {
            target -= _inelastic[(row * _elements.Length) + e];
            if (target < 0)
            {
                return (_elements[e], true);
            }

            target -= _elastic[(row * _elements.Length) + e];
            if (target < 0)
            {
                return (_elements[e], false);
            }
        }

        return (_elements[^1], false);
    }
}

/// <summary>Cross-sections of protons on nuclei in mm2, energies in MeV.</summary>
/// <remarks>Inelastic: the dependence on the mass number of Letaw, Silberberg and Tsao (Astrophys. J. Suppl. 51 (1983) 271), times a factor
/// of energy. Elastic: about proportional to the area of the nucleus, falling steeply from 100 to 200 MeV as nuclei become transparent.
/// Proton on proton: the elastic cross-section of the PDG's compilation. Both factors of energy are <em>tuned</em> on the Geant4 training
/// sample.</remarks>
internal static class NuclearCrossSections
{
    private const double Millibarn = 1e-25;
    private static readonly (double Energy, double Value)[] _inelastic =
        [(4, 0), (8, 0.6), (15, 1.1), (25, 1.25), (40, 1.16), (60, 1.04), (80, 0.99), (100, 0.955), (150, 0.92), (200, 0.895), (300, 0.9)];

    private static readonly (double Energy, double Value)[] _elastic =
        [(4, 3.1), (20, 2.9), (40, 2.5), (60, 2.05), (80, 1.5), (100, 1.05), (130, 0.65), (160, 0.41), (190, 0.27), (210, 0.22),
            (300, 0.2)];

    private static readonly (double Energy, double Value)[] _protonProton =
        [(1, 300), (10, 300), (20, 150), (40, 70), (70, 42), (100, 33), (150, 26), (200, 24), (300, 24)];

    /// <summary>Reactions other than elastic scattering; none on hydrogen, since no pion can be made.</summary>
    public static double Inelastic(Element element, double energy)
    {
        if (element.Protons == 1)
        {
            return 0;
        }

        double mass = element.MassNumber;
        return Millibarn * 45 * Math.Pow(mass, 0.7) * (1 + (0.016 * Math.Sin(5.3 - (2.63 * Math.Log(mass))))) * Interpolate(
            _inelastic, energy);
    }

    /// <summary>Elastic scattering by the nuclear force.</summary>
    public static double Elastic(Element element, double energy) => Millibarn * (element.Protons == 1
        ? Interpolate(_protonProton, energy)
        : 341 * Math.Pow(element.MassNumber / 16, 0.8) * Interpolate(_elastic, energy));

    private static double Interpolate((double Energy, double Value)[] table, double energy)
    {
        if (energy <= table[0].Energy)
        {
            return table[0].Value;
        }

        for (int i = 1; i < table.Length; i++)
        {
            if (energy < table[i].Energy)
            {
                double part = (energy - table[i - 1].Energy) / (table[i].Energy - table[i - 1].Energy);
                return table[i - 1].Value + (part * (table[i].Value - table[i - 1].Value));
            }
        }

        return table[^1].Value;
    }
}
