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
