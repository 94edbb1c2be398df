"""Networks by the names that manifests give them; imported only when one is built."""

ARCHITECTURES = {
    "alexnet": "models.nets.encoders.library:alexnet",
    "filter-pyramid": "models.nets.filter_pyramid:FilterPyramid",
    "googlenet": "models.nets.encoders.library:googlenet",
    "inception-resnet-v1": "models.nets.encoders.inception_resnet_v1:InceptionResnetV1",
    "lenet-5": "models.nets.encoders.classic:LeNet5",
    "mobile-face-net": "models.nets.encoders.mobile_face_net:MobileFaceNet",
    "mobilenet-v1": "models.nets.encoders.classic:MobileNetV1",
    "mobilenet-v2": "models.nets.encoders.library:mobilenet_v2",
    "mtcnn": "models.nets.mtcnn:MTCNN",
    "onnx": "models.nets.onnx_network:OnnxNetwork",
    "resnet-18": "models.nets.encoders.library:resnet18",
    "resnet-50": "models.nets.encoders.library:resnet50",
    "resnet29": "models.nets.encoders.resnet29:ResNet29",
    "routed-resnet29": "models.nets.encoders.routed_resnet29:RoutedResNet29",
    "single-pass": "models.nets.single_pass:SinglePass",
    "track-aggregator": "models.nets.track_aggregator:TrackAggregator",
    "seq2seq": "models.nets.seq2seq:AttentionSeq2Seq",
    "vgg-16": "models.nets.encoders.library:vgg16",
    "vgg-19-features": "models.nets.vgg19:VGG19",
}
"""Network classes, or functions that build one. Those of `library` need torchvision."""
