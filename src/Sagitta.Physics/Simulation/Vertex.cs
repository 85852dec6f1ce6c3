using Sagitta.Autodiff.Randomness;
using Sagitta.Physics.Deposits;

namespace Sagitta.Physics.Simulation;

/// <summary>A muon's start at z = 0.</summary>
/// <param name="Truth">Momentum, place and direction in the (y, z) plane.</param>
/// <param name="SlopeAcross">px over pT.</param>
public readonly record struct Vertex(MuonTruth Truth, double SlopeAcross)
{
    /// <summary>Draws one muon.</summary>
    public static Vertex Draw(VertexOptions options, ref RandomDraws draws)
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
        return new(new(present, charge / pt, 0, Math.Sin(angle)), Math.Tan(across));
    }
}
