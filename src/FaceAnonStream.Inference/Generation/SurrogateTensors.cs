namespace FaceAnonStream.Inference.Generation;

/// <summary>The tensors of one surrogate graph.</summary>
internal sealed record SurrogateTensors(FaceTensor Context, FaceTensor Landmarks, FaceTensor Latent, FaceTensor Detail, FaceTensor Face, FaceTensor Mask)
{
    /// <summary>Bands of detail.</summary>
    public const int Bands = 4;

    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: the graph takes or gives something else.</exception>
    public static SurrogateTensors Of(SizedGraph graph, int points, int latentLength)
    {
        var tensors = new SurrogateTensors(
            graph.Inputs.Require("context", 3, graph.Size, graph.Size),
            graph.Inputs.Require("landmarks", points, 2),
            graph.Inputs.Require("latent", latentLength),
            graph.Inputs.Require("detail", Bands),
            graph.Outputs.Require("face", 3, graph.Size, graph.Size),
            graph.Outputs.Require("mask", 1, graph.Size, graph.Size));
        graph.Inputs.RequireNothingElse(tensors.Context, tensors.Landmarks, tensors.Latent, tensors.Detail);
        graph.Outputs.RequireNothingElse(tensors.Face, tensors.Mask);
        return tensors;
    }
}
