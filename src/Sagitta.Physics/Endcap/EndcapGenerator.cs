using System.ComponentModel.DataAnnotations;

namespace Sagitta.Physics.Endcap;

/// <summary>Muons of one event, all from one vertex. The defaults are those of the Geant4 samples.</summary>
internal sealed record EndcapGenerator
{
    /// <summary>Relative frequencies of events with 0, 1, 2, ... muons.</summary>
    [Range(0, 1e9)]
    public IReadOnlyList<double> MuonCounts { get; init; } = [0.05, 0.45, 0.35, 0.1, 0.05];
    /// <summary>Lowest momentum, GeV; momenta are uniform in their logarithm.</summary>
    [Range(0.5, 1e5)]
    public double LowMomentum { get; init; } = 5;
    /// <summary>Highest momentum, GeV.</summary>
    [Range(0.5, 1e5)]
    public double HighMomentum { get; init; } = 200;
    /// <summary>Lowest ty = py/pz; uniform.</summary>
    [Range(-5, 5)]
    public double LowSlope { get; init; } = 0.2;
    /// <summary>Highest ty.</summary>
    [Range(-5, 5)]
    public double HighSlope { get; init; } = 0.38;
    /// <summary>tx = px/pz is uniform within this times ty to either side.</summary>
    [Range(0, 5)]
    public double AcrossSlope { get; init; } = 0.25;
    /// <summary>Probability, in events of two muons or more, that the second has the direction of the first within
    /// <see cref="PairAngle"/> and the opposite charge.</summary>
    [Range(0, 1)]
    public double PairProbability { get; init; } = 0.3;
    /// <summary>Gaussian spread of a pair's slopes, each.</summary>
    [Range(0, 1)]
    public double PairAngle { get; init; } = 0.02;
    /// <summary>Gaussian spread of the vertex in x and in y, mm.</summary>
    [Range(0, 1000)]
    public double VertexAcross { get; init; } = 0.01;
    /// <summary>Gaussian spread of the vertex in z, mm.</summary>
    [Range(0, 1000)]
    public double VertexAlong { get; init; } = 50;

    /// <summary>Draws the muons of an event.</summary>
    public EndcapMuon[] Draw(RandomDraws draws)
    {
        double choice = MuonCounts.Sum() * draws.NextUniform();
        int count = 0;
        while (count < MuonCounts.Count - 1 && choice >= MuonCounts[count])
        {
            choice -= MuonCounts[count++];
        }

        (double x, double y) = (VertexAcross * draws.NextGaussian(), VertexAcross * draws.NextGaussian());
        double z = VertexAlong * draws.NextGaussian();
        EndcapMuon[] muons = new EndcapMuon[count];
        for (int i = 0; i < count; i++)
        {
            double momentum = LowMomentum * Math.Pow(HighMomentum / LowMomentum, draws.NextUniform());
            double charge = draws.NextUniform() < 0.5 ? -1 : 1;
            double ty = LowSlope + ((HighSlope - LowSlope) * draws.NextUniform());
            double tx = AcrossSlope * ty * draws.NextUniform(-1, 1);
            bool pair = i == 1 && draws.NextUniform() < PairProbability;
            if (pair)
            {
                // What leaves the acceptance is put on its edge, as in the reference.
                TrackState first = muons[0].Vertex;
                ty = Math.Clamp(first.Ty + (PairAngle * draws.NextGaussian()), LowSlope, HighSlope);
                tx = Math.Clamp(first.Tx + (PairAngle * draws.NextGaussian()), -AcrossSlope * ty, AcrossSlope * ty);
                charge = -Math.Sign(first.QOverP);
            }

            muons[i] = new(new(x, y, tx, ty, charge / momentum), z, pair);
        }

        return muons;
    }
}

/// <summary>A generated muon.</summary>
/// <param name="Vertex">Where and how it begins.</param>
/// <param name="VertexZ">z of that, mm.</param>
/// <param name="Pair">Whether it was made close to the muon before it.</param>
internal readonly record struct EndcapMuon(TrackState Vertex, double VertexZ, bool Pair);
