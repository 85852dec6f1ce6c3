namespace Sagitta.Physics.Simulation;

/// <summary>Hard radiation of muons on the steps of a detector. Immutable, shared by threads.</summary>
internal sealed class RadiationPlan
{
    private readonly TransportStep[] _steps;
    private readonly Dictionary<Material, MuonRadiation> _of = [];
    private readonly MuonRadiation[][] _materials;

    public RadiationPlan(TransportStep[] steps)
    {
        _steps = steps;
        MuonRadiation Of(Material material)
        {
            if (!_of.TryGetValue(material, out MuonRadiation? radiation))
            {
                _of[material] = radiation = new(material);
            }

            return radiation;
        }

        _materials = [.. steps.Select(step => step.Slabs.Select(slab => Of(slab.Material)).ToArray())];
    }

    /// <summary>Draws what a muon radiates in a step, adds it to a list, and returns its energy in GeV.</summary>
    /// <param name="step">Which step.</param>
    /// <param name="momentum">The muon's, GeV.</param>
    /// <param name="slant">Path per length along z.</param>
    /// <param name="draws">Where chances come from.</param>
    /// <param name="radiated">Grows by what is radiated.</param>
    public double Radiate(int step, double momentum, double slant, DrawBuffer draws, List<Radiated> radiated)
    {
        double sum = 0;
        for (int s = 0; s < _materials[step].Length; s++)
        {
            TraversedSlab slab = _steps[step].Slabs[s];
            (double pairs, double photons) = _materials[step][s].PerLength(momentum);
            double mean = (pairs + photons) * slab.Thickness * slant;

            // At most one a slab, whose mean is below a thousandth.
            double uniform = draws.NextUniform();
            if (uniform >= mean)
            {
                continue;
            }

            bool pair = uniform * (pairs + photons) < mean * pairs;
            double energy = _materials[step][s].Energy(pair, momentum, draws.NextUniform(), draws.NextUniform());
            radiated.Add(new(slab.Start + (slab.Thickness * draws.NextUniform()), energy, pair));
            sum += energy;
        }

        return sum;
    }
}

/// <summary>A photon or a pair that a muon radiated.</summary>
/// <param name="Z">Where, mm.</param>
/// <param name="Energy">GeV.</param>
/// <param name="Pair">Whether it is an electron and a positron.</param>
internal readonly record struct Radiated(double Z, double Energy, bool Pair);
